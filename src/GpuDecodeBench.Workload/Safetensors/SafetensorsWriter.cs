using System.Buffers.Binary;
using System.Text.Json;

namespace GpuDecodeBench.Workload.Safetensors;

/// <summary>
/// Writes a safetensors file tensor by tensor, in pieces, so that no more than a piece need be in memory: eight bytes with the
/// header's length, a JSON header padded with spaces to a multiple of eight bytes, then the tensors without gaps
/// (https://github.com/huggingface/safetensors, README, "Format").
/// </summary>
/// <remarks>
/// Types, shapes and metadata must be known beforehand; the contents may come in any order. The file appears under its name
/// only once it is complete: until then it is called <c>….partial</c>, and goes away if it is never completed.
/// </remarks>
public sealed class SafetensorsWriter : IDisposable
{
    /// <summary>What an unfinished file's name ends in.</summary>
    public const string PartialSuffix = ".partial";

    private const int BufferBytes = 1 << 20;
    private const int Alignment = 8;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly long _dataStart;

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file's path; a file that is there is replaced on completion.</param>
    /// <param name="tensors">The tensors; those with larger elements are laid out first, so that all are aligned.</param>
    /// <param name="metadata">Free text for the header's <c>__metadata__</c>.</param>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public SafetensorsWriter(
        string path,
        IReadOnlyList<SafetensorsTensor> tensors,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        long offset = 0;
        foreach (SafetensorsTensor tensor in tensors.OrderByDescending(tensor => tensor.ElementBytes))
        {
            _places.Add(tensor.Name, new Place(tensor, offset));
            offset += tensor.Bytes;
        }

        byte[] header = Header(metadata);
        _dataStart = sizeof(ulong) + header.Length;
        _path = path;
        _stream = new FileStream(path + PartialSuffix, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        _stream.Write(length);
        _stream.Write(header);
    }

    /// <summary>Writes the next bytes of a tensor.</summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="bytes">Its bytes from where the last call for it ended, row-major, little endian.</param>
    /// <exception cref="ArgumentException">There is no such tensor, or it has no room for so many bytes.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(string tensor, ReadOnlySpan<byte> bytes)
    {
        if (!_places.TryGetValue(tensor, out Place? place))
        {
            throw new ArgumentException($"The header lists no tensor {tensor}.", nameof(tensor));
        }

        if (bytes.Length > place.Tensor.Bytes - place.Written)
        {
            throw new ArgumentException(
                $"{tensor} has {place.Tensor.Bytes} bytes; {bytes.Length} more than the {place.Written} written do not fit.",
                nameof(bytes)
            );
        }

        long position = _dataStart + place.Offset + place.Written;
        if (_stream.Position != position)
        {
            _stream.Position = position;
        }

        _stream.Write(bytes);
        place.Written += bytes.Length;
    }

    /// <summary>Closes the file and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">Bytes of a tensor are missing.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete()
    {
        if (_places.Values.FirstOrDefault(place => place.Written != place.Tensor.Bytes) is Place missing)
        {
            throw new InvalidOperationException(
                $"{missing.Tensor.Name} has {missing.Tensor.Bytes} bytes, but {missing.Written} were written."
            );
        }

        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_stream.Name, _path, overwrite: true);
    }

    /// <summary>Closes the file; one that was not completed is deleted.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        File.Delete(_stream.Name);
    }

    private byte[] Header(IReadOnlyDictionary<string, string> metadata)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            foreach (Place place in _places.Values)
            {
                WriteEntry(json, place);
            }

            json.WriteEndObject();
        }

        int padding = (Alignment - (int)(memory.Length % Alignment)) % Alignment;
        memory.Write("       "u8[..padding]);
        return memory.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, Place place)
    {
        json.WriteStartObject(place.Tensor.Name);
        json.WriteString("dtype", place.Tensor.Type.ToString());
        json.WriteStartArray("shape");
        foreach (long dimension in place.Tensor.Shape)
        {
            json.WriteNumberValue(dimension);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(place.Offset);
        json.WriteNumberValue(place.Offset + place.Tensor.Bytes);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed class Place(SafetensorsTensor tensor, long offset)
    {
        public SafetensorsTensor Tensor { get; } = tensor;

        public long Offset { get; } = offset;

        public long Written { get; set; }
    }
}
