using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNetTransfer.Benchmarks;

/// <summary>PyTorch and torchvision as the distribution packages them, in a Python process that answers one command a line; see torch_peer.py.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly Process _process;
    private readonly string _list;

    private TorchPeer(Process process, string list) => (_process, _list) = (process, list);

    /// <summary>What it is, with versions.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Starts the peer; says why when this machine has none.</summary>
    public static TorchPeer? Start(string python, IReadOnlyList<string> files, out string reason)
    {
        reason = "";
        if (!File.Exists(python))
        {
            reason = $"there is no '{python}'";
            return null;
        }
        var list = Path.GetTempFileName();
        File.WriteAllLines(list, files.Select(Path.GetFullPath));
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "torch_peer.py"), list]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var peer = new TorchPeer(Process.Start(start) ?? throw new TransferException($"'{python}' did not start."), list);
        var (word, rest) = peer.Answer();
        if (word == "ready")
        {
            peer.Name = rest;
            return peer;
        }
        reason = $"'{python}' lacks it: {rest}";
        peer.Dispose();
        return null;
    }

    /// <summary>Writes its network as ONNX.</summary>
    public void Export(string path) => Ask($"export {path}", "done");

    /// <summary>Finds its fastest settings on the first images: of all, and of those without oneDNN.</summary>
    public string Tune(int images) => Ask(FormattableString.Invariant($"tune {images}"), "best");

    /// <summary>Featurises all images once, by its fastest setting or by OpenBLAS alone: images a second.</summary>
    public double Run(bool openBlas) => double.Parse(Ask(openBlas ? "run openblas" : "run", "speed"), CultureInfo.InvariantCulture);

    /// <summary>The features of all images, row after row.</summary>
    public float[] Features()
    {
        var path = Path.GetTempFileName();
        try
        {
            Ask($"features {path}", "done");
            return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void Dispose()
    {
        try
        {
            if (!_process.HasExited)
                _process.StandardInput.WriteLine("quit");
            if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
                _process.Kill(entireProcessTree: true);
        }
        catch (IOException)
        {
            // It is gone already.
        }
        _process.Dispose();
        File.Delete(_list);
    }

    private string Ask(string command, string expected)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        var (word, rest) = Answer();
        return word == expected ? rest : throw new TransferException($"The PyTorch peer answers '{command}' with '{expected}'; received '{word} {rest}'.");
    }

    private (string Word, string Text) Answer()
    {
        var parts = (_process.StandardOutput.ReadLine() ?? "failed: it ended").Split(' ', 2);
        return (parts[0], parts.ElementAtOrDefault(1) ?? "");
    }
}
