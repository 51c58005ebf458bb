namespace MLNetTransfer.Tests.Images;

/// <summary>Tiny single-coloured files of kinds SkiaSharp cannot write; made with PIL 9.4.</summary>
internal static class EncodedSamples
{
    public static byte[] Bytes(string kind) => Convert.FromBase64String(kind switch
    {
        "cmyk.jpg" =>
            "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCg"
            + "wJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQEC"
            + "AwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dX"
            + "Z3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4E"
            + "QwBNAFkASwAAPwD8269sr9NK/ayv/9k=",
        "grey.jpg" =>
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PT"
            + "gyPC4zNDL/wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIh"
            + "MUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhI"
            + "WGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AOMr"
            + "/9k=",
        "animated.gif" =>
            "R0lGODlhBAAEAIEAAArIHgAAAAAAAAAAACH5BAAKAAAALAAAAAAEAAQAAAgJAAEIHEiwIICAACH5BAAKAAAALAAAAAAEAAQAgfoAAAAAAAAAAA"
            + "AAAAgJAAEIHEiwIICAADs=",
        "sixteen-bit.png" =>
            "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAEEAAAAADcCh3hAAAAFklEQVR4nGNscGBgYGBgYGBiYMDFAAAatADIE7rnLAAAAABJRU5ErkJggg==",
        "palette.png" =>
            "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAMAAACeL25MAAAABlBMVEUAAADIeCjoiCUzAAAADklEQVR4nGNgBAIGVAIAALQAEQQWJ64AAAAASU"
            + "VORK5CYII=",
        "transparent.png" =>
            "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAYAAACp8Z5+AAAAFUlEQVR4nGM8UaHhwIAEmBjQAGEBAG7EAbABDL8ZAAAAAElFTkSuQmCC",
        "grey-invisible.png" =>
            "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAQAAAAD+Fb1AAAAEElEQVR4nGP0ZYAAJgacDAALOwBViM9xwgAAAABJRU5ErkJggg==",
        "lossless.webp" =>
            "UklGRh4AAABXRUJQVlA4TBEAAAAvB8ABAAdQvCIXpf+BiOh/AAA=",
        "plain.bmp" =>
            "Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAABAAAADEDgAAxA4AAAAAAAAAAAAAKHjIKHjIAAAoeMgoeMgAAA==",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such sample."),
    });
}
