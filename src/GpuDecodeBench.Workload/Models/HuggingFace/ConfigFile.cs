namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Reads a configuration's bytes, however unwilling the file.</summary>
internal static class ConfigFile
{
    /// <summary>The bytes of a regular file of at most <see cref="ConfigLimits.MaxFileBytes"/>.</summary>
    /// <exception cref="InputException">There is no such file, it may not be read, or it is empty or too large.</exception>
    public static byte[] Read(string path)
    {
        string shown = MessageText.OneLine(path);
        try
        {
            return ReadRegularFile(path, shown);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{shown}: no such file; expected is a model's config.json.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InputException($"{shown}: no permission to read this file.", e);
        }
        catch (Exception e)
            when (e is IOException or ArgumentException or NotSupportedException or System.Security.SecurityException)
        {
            throw new InputException(
                $"{shown}: this file cannot be read ({MessageText.OneLine(e.Message.TrimEnd('.'))}).",
                e
            );
        }
    }

    private static byte[] ReadRegularFile(string path, string shown)
    {
        // The Hugging Face cache keeps links to blobs, and a link's own length is that of its target's name.
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        }

        if (Directory.Exists(path))
        {
            throw new InputException($"{shown}: this is a directory; expected is a model's config.json.");
        }

        // Pipes and devices report no length. Refused here because opening a pipe with no writer waits for ever.
        if (file.Length == 0)
        {
            throw new InputException($"{shown}: this file is empty or not a regular file; expected is a JSON object.");
        }

        if (file.Length > ConfigLimits.MaxFileBytes)
        {
            throw TooLarge(shown, $"has {file.Length} bytes");
        }

        using FileStream stream = file.OpenRead();
        byte[] bytes = new byte[ConfigLimits.MaxFileBytes + 1];
        int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count > ConfigLimits.MaxFileBytes)
        {
            throw TooLarge(shown, "grew while it was read");
        }

        return bytes[..count];
    }

    private static InputException TooLarge(string shown, string what) =>
        new(
            $"{shown}: this file {what}; a model's config.json of at most {ConfigLimits.MaxFileBytes} bytes is accepted."
        );
}
