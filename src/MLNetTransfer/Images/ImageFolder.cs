namespace MLNetTransfer.Images;

/// <summary>Reads labelled images from a folder that has one sub-folder per class.</summary>
public static class ImageFolder
{
    /// <summary>
    /// Lists a folder. The name of a sub-folder is its class; everything below it counts, at any depth, whatever the extension (a folder
    /// named "x.jpg" is searched like any other). Dot-files, dot-folders, Thumbs.db, desktop.ini and __MACOSX are left out, and so are
    /// files directly in the folder, which belong to no class. Files are not opened: what is no image is found by decoding.
    /// </summary>
    /// <param name="folder">The folder; its text begins the path of every image.</param>
    /// <exception cref="TransferException">There is no such folder, it has no class folder, or a class folder holds no file.</exception>
    public static ImageSet Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (File.Exists(folder))
            throw new TransferException($"Expected a folder with one sub-folder per class; '{folder}' is a file. Give the folder above its class folders.");
        if (!Directory.Exists(folder))
            throw new TransferException($"Expected a folder with one sub-folder per class; '{folder}' does not exist. Check the path.");
        var classes = Classes(folder);
        if (classes.Length == 0)
            throw new TransferException(
                $"Expected a folder with one sub-folder per class; received {ImageFiles.Under(folder).Count} files directly in '{folder}' and no sub-folder. "
                + "Move the images of each class into a folder named after it, or give a CSV manifest (path,label).");
        var images = new List<LabeledImage>();
        foreach (var label in classes)
        {
            var files = ImageFiles.Under(Path.Combine(folder, label));
            if (files.Count == 0)
                throw new TransferException(
                    $"Expected images in every class folder; '{Path.Combine(folder, label)}' holds none. Add images, or remove the folder.");
            images.AddRange(files.Select(path => new LabeledImage(path, label)));
        }
        return new ImageSet(images, source: $"'{folder}'");
    }

    private static string[] Classes(string folder)
    {
        try
        {
            return ImageFiles.Folders(folder).Select(sub => sub.Name).ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"Expected a folder that can be listed; '{folder}' cannot: {error.Message} Check its permissions.", error);
        }
    }
}
