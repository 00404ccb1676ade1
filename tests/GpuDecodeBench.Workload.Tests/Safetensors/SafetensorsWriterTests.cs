using GpuDecodeBench.Tests.Shared;
using GpuDecodeBench.Workload.Safetensors;

namespace GpuDecodeBench.Workload.Tests.Safetensors;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gpu-decode-bench-").FullName;

    private string Target => Path.Combine(_folder, "a.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatIsWrittenIsReadBackTensorByTensor()
    {
        var random = new Random(1);
        SafetensorsTensor[] tensors =
        [
            new("three halves", SafetensorsType.BF16, [3]),
            new("a matrix", SafetensorsType.F32, [5, 7]),
            new("one half", SafetensorsType.F16, [1, 1, 1]),
            new("tokens \"quoted\" ü", SafetensorsType.I64, [2, 3]),
            new("nothing", SafetensorsType.F32, [0, 4]),
        ];
        byte[][] contents =
        [
            .. tensors.Select(tensor =>
            {
                var bytes = new byte[tensor.Bytes];
                random.NextBytes(bytes);
                // Keeps floats finite, so that they compare equal.
                return bytes.Select(value => (byte)(value & 0x3B)).ToArray();
            }),
        ];
        using (var writer = new SafetensorsWriter(Target, tensors, new Dictionary<string, string> { ["seed"] = "12" }))
        {
            // In turns and in pieces, none of them aligned.
            for (int piece = 0; piece < 3; piece++)
            {
                for (int i = 0; i < tensors.Length; i++)
                {
                    int begin = contents[i].Length * piece / 3;
                    int end = contents[i].Length * (piece + 1) / 3;
                    writer.Append(tensors[i].Name, contents[i].AsSpan(begin, end - begin));
                }
            }

            Assert.False(File.Exists(Target), "an unfinished file has its name already");
            writer.Complete();
        }

        var file = new SafetensorsFile(Target);
        Assert.Equal(tensors.Select(tensor => tensor.Name).Order(), file.Names.Order());
        Assert.Equal("12", Assert.Single(file.Metadata).Value);
        for (int i = 0; i < tensors.Length; i++)
        {
            Assert.Equal(tensors[i].Type.ToString(), file.Type(tensors[i].Name));
            Assert.Equal(tensors[i].Shape, file.Shape(tensors[i].Name));
            Assert.Equal(contents[i], file.Bytes(tensors[i].Name));
        }

        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void EveryHeaderLengthIsPaddedToEightBytes()
    {
        for (int length = 1; length <= 9; length++)
        {
            using (
                var writer = new SafetensorsWriter(
                    Target,
                    [new SafetensorsTensor(new string('x', length), SafetensorsType.F32, [1])],
                    new Dictionary<string, string>()
                )
            )
            {
                writer.Append(new string('x', length), BitConverter.GetBytes(1.5f));
                writer.Complete();
            }

            // The reader demands the padding; the second file replaces the first.
            Assert.Equal([1.5], new SafetensorsFile(Target).Floats(new string('x', length)));
        }
    }

    [Fact]
    public void AFileWithMissingBytesIsNeitherCompletedNorLeftBehind()
    {
        using (var writer = Writer())
        {
            writer.Append("a", new byte[7]);
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(writer.Complete);
            Assert.Equal("a has 8 bytes, but 7 were written.", error.Message);
        }

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void BytesBeyondATensorAndOtherTensorsAreRefused()
    {
        using SafetensorsWriter writer = Writer();
        writer.Append("a", new byte[7]);
        Assert.Throws<ArgumentException>(() => writer.Append("a", new byte[2]));
        Assert.Throws<ArgumentException>(() => writer.Append("b", new byte[2]));
    }

    private SafetensorsWriter Writer() =>
        new(
            Target,
            [new SafetensorsTensor("a", SafetensorsType.F32, [2])],
            new Dictionary<string, string> { ["k"] = "v" }
        );
}
