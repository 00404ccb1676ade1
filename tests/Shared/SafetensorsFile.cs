using System.Buffers.Binary;
using System.Text.Json;

namespace GpuDecodeBench.Tests.Shared;

/// <summary>
/// A safetensors file read back, with every rule of the format checked: the header's length and padding, offsets without gaps or
/// overlaps, sizes that follow from type and shape, nothing behind the last tensor.
/// </summary>
internal sealed class SafetensorsFile
{
    private readonly byte[] _bytes;
    private readonly int _dataStart;
    private readonly Dictionary<string, (string Type, long[] Shape, int Begin, int End)> _tensors = [];

    public SafetensorsFile(string path)
    {
        _bytes = File.ReadAllBytes(path);
        int headerLength = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(_bytes));
        Assert.Equal(0, headerLength % 8);
        _dataStart = 8 + headerLength;
        Assert.Equal((byte)'{', _bytes[8]);
        using JsonDocument header = JsonDocument.Parse(_bytes.AsMemory(8, headerLength));
        foreach (JsonProperty property in header.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                Metadata = property
                    .Value.EnumerateObject()
                    .ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);
                continue;
            }

            int[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt32())];
            long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];
            string type = property.Value.GetProperty("dtype").GetString()!;
            Assert.Equal(shape.Aggregate(1L, (a, b) => a * b) * ElementBytes(type), offsets[1] - offsets[0]);
            Assert.Equal(0, offsets[0] % ElementBytes(type));
            _tensors.Add(property.Name, (type, shape, offsets[0], offsets[1]));
        }

        int end = 0;
        foreach ((_, _, int tensorBegin, int tensorEnd) in _tensors.Values.OrderBy(tensor => tensor.Begin))
        {
            Assert.Equal(end, tensorBegin);
            end = tensorEnd;
        }

        Assert.Equal(_bytes.Length, _dataStart + end);
    }

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public string Type(string name) => _tensors[name].Type;

    public long[] Shape(string name) => _tensors[name].Shape;

    public byte[] Bytes(string name) => _bytes[(_dataStart + _tensors[name].Begin)..(_dataStart + _tensors[name].End)];

    /// <summary>The values of a floating-point tensor.</summary>
    public double[] Floats(string name)
    {
        string type = Type(name);
        return Elements(
            name,
            bytes =>
                type switch
                {
                    "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
                    "F16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
                    "BF16" => BitConverter.UInt32BitsToSingle(
                        (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16
                    ),
                    _ => throw new InvalidOperationException($"{name} is of type {type}."),
                }
        );
    }

    /// <summary>The values of an integer tensor.</summary>
    public long[] Ints(string name)
    {
        Assert.Equal("I64", Type(name));
        return Elements(name, BinaryPrimitives.ReadInt64LittleEndian);
    }

    private T[] Elements<T>(string name, Func<ReadOnlySpan<byte>, T> read)
    {
        (string type, _, int begin, int end) = _tensors[name];
        int size = ElementBytes(type);
        var values = new T[(end - begin) / size];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = read(_bytes.AsSpan(_dataStart + begin + (i * size), size));
        }

        return values;
    }

    private static int ElementBytes(string type) =>
        type switch
        {
            "I64" => 8,
            "F32" => 4,
            "F16" or "BF16" => 2,
            _ => throw new InvalidOperationException($"No test expects the type {type}."),
        };
}
