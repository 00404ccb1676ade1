using System.Security;
using System.Text.Json;

namespace GpuDecodeBench.Records;

/// <summary>Reads and writes run records. A write is all or nothing; a read explains what it refuses.</summary>
public static class RunRecordStore
{
    /// <summary>The version of the record's form that this program writes, and the only one that it reads.</summary>
    public const string SchemaVersion = "1";

    /// <summary>The most bytes that a record may take: 256 MiB.</summary>
    public const int MaxFileBytes = 256 << 20;

    /// <summary>
    /// Writes a record. The bytes go to a temporary file beside <paramref name="path"/>, to the disk, and only then take the
    /// path's name; after a failure the temporary file is gone and what stood at the path is untouched. A record that could
    /// not be read again is refused before anything is written.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="path">Where it goes; its directory must exist.</param>
    /// <exception cref="RecordWriteException">The record breaks a rule, or the file cannot be written.</exception>
    public static void Write(RunRecord record, string path) => Write(record, path, CreateFile);

    /// <summary>As <see cref="Write(RunRecord, string)"/>, with the temporary file opened by the caller's own means.</summary>
    /// <param name="record">The record.</param>
    /// <param name="path">Where it goes; its directory must exist.</param>
    /// <param name="createTemporary">Creates the file at the path that it is given and opens it for writing.</param>
    /// <exception cref="RecordWriteException">The record breaks a rule, or the file cannot be written.</exception>
    public static void Write(RunRecord record, string path, Func<string, Stream> createTemporary)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(createTemporary);
        byte[] json = Serialize(record, path);
        try
        {
            Replace(json, path, createTemporary);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw new RecordWriteException($"Cannot write {path}: {Cause(exception, path)}.", exception);
        }
    }

    /// <summary>Reads a record from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RecordFormatException">There is no such file, it cannot be read, or it holds no valid record.</exception>
    public static RunRecord Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (Directory.Exists(path))
            {
                throw new RecordFormatException($"Cannot read {path}: it is a directory, and a run record is a file.");
            }

            using FileStream stream = File.OpenRead(path);
            return Parse(stream, path);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw new RecordFormatException($"Cannot read {path}: {Cause(exception, path)}.", exception);
        }
    }

    /// <summary>Reads a record from bytes.</summary>
    /// <param name="utf8Json">The bytes, UTF-8, with or without a byte order mark.</param>
    /// <param name="name">What messages call them, for example a file's path.</param>
    /// <exception cref="RecordFormatException">The bytes are no valid record.</exception>
    public static RunRecord Parse(ReadOnlyMemory<byte> utf8Json, string name) => RecordReader.Parse(utf8Json, name);

    /// <summary>Reads a record from a stream, to its end.</summary>
    /// <param name="stream">The stream; left open.</param>
    /// <param name="name">What messages call it, for example a file's path.</param>
    /// <exception cref="RecordFormatException">The stream fails or holds no valid record.</exception>
    public static RunRecord Parse(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        try
        {
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = stream.Read(buffer)) > 0; )
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > MaxFileBytes)
                {
                    throw RecordReader.TooLarge(name);
                }
            }
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw new RecordFormatException($"Cannot read {name}: {Cause(exception, name)}.", exception);
        }

        return Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), name);
    }

    /// <summary>The bytes that <see cref="Write(RunRecord, string)"/> writes: indented JSON, LF, one newline at the end.</summary>
    /// <param name="record">The record.</param>
    /// <param name="name">What messages call it, for example the path that it goes to.</param>
    /// <exception cref="RecordWriteException">The record breaks a rule, so that it could not be read again.</exception>
    public static byte[] Serialize(RunRecord record, string name)
    {
        ArgumentNullException.ThrowIfNull(record);
        try
        {
            byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(record, RecordJson.Lenient.RunRecord), (byte)'\n'];
            _ = Parse(json, name);
            return json;
        }
        catch (Exception exception)
            when (exception is RecordFormatException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw new RecordWriteException($"Cannot write an invalid record; {exception.Message}", exception);
        }
    }

    private static void Replace(byte[] json, string path, Func<string, Stream> createTemporary)
    {
        string target = Path.GetFullPath(path);
        if (Directory.Exists(target))
        {
            throw new IOException("it is a directory");
        }

        string directory = Path.GetDirectoryName(target) ?? target;
        string temporary = Path.Combine(directory, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        bool done = false;
        try
        {
            using (Stream stream = createTemporary(temporary))
            {
                stream.Write(json);
                Flush(stream);
            }

            File.Move(temporary, target, overwrite: true);
            done = true;
        }
        finally
        {
            if (!done)
            {
                Remove(temporary);
            }
        }
    }

    private static FileStream CreateFile(string path) =>
        new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    private static void Flush(Stream stream)
    {
        if (stream is FileStream file)
        {
            file.Flush(flushToDisk: true);
        }
        else
        {
            stream.Flush();
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            // The failure that led here is the one to report.
        }
    }

    private static bool IsFileError(Exception exception) =>
        exception
            is IOException
                or UnauthorizedAccessException
                or SecurityException
                or ArgumentException
                or NotSupportedException;

    private static string Cause(Exception exception, string path) =>
        exception switch
        {
            UnauthorizedAccessException or SecurityException => "permission is denied",
            DirectoryNotFoundException => $"the directory {Path.GetDirectoryName(path)} does not exist",
            FileNotFoundException => "there is no such file",
            PathTooLongException => "the path is too long",
            IOException when IsDiskFull(exception) => "the disk is full",
            _ => exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' '),
        };

    /// <summary>ENOSPC and EDQUOT of Linux and macOS, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.</summary>
    private static bool IsDiskFull(Exception exception) =>
        exception.HResult is 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
}
