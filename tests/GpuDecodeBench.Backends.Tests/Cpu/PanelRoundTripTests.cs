using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Tests.Cpu;

/// <summary>What is packed into panels comes out again, exactly, on every size that leaves a rest.</summary>
public unsafe class PanelRoundTripTests
{
    private const ulong Seed = 7;

    public static TheoryData<WeightFormat> Formats => [.. FormatNames.AllWeightFormats];

    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryRowComesOutAsItWentIn(WeightFormat format)
    {
        foreach (int rows in (int[])[1, 3, 4, 5, 8, 13])
        {
            foreach (int columns in (int[])[1, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129, 255, 257, 300, 512])
            {
                var tensor = new WeightTensor(TensorRole.Down, 1, new WeightLayout(format, rows, columns));
                using PanelMatrix matrix = Pack(tensor, backwards: rows % 2 == 0);
                AssertHolds(matrix, tensor, $"{rows} x {columns}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void PackingARowAgainLeavesItsNeighboursAlone(WeightFormat format)
    {
        var tensor = new WeightTensor(TensorRole.Down, 1, new WeightLayout(format, 8, 300));
        using PanelMatrix matrix = Pack(tensor, backwards: false);
        PackRow(matrix, tensor, target: 5, source: 2);
        var two = new double[300];
        var five = new double[300];
        PanelPacker.DecodeRow(matrix, 2, two);
        PanelPacker.DecodeRow(matrix, 5, five);
        Assert.Equal(two, five);
        PackRow(matrix, tensor, target: 5, source: 5);
        AssertHolds(matrix, tensor, "after packing twice");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void TheLoaderFillsEveryRowOnEveryTeam(WeightFormat format)
    {
        foreach (int threads in (int[])[1, 3])
        {
            using var team = new CpuTeam(threads);
            var tensor = new WeightTensor(TensorRole.GateUp, 0, new WeightLayout(format, 203, 150));
            using PanelMatrix matrix = PanelLoader.Load(team, Seed, tensor, CancellationToken.None);
            AssertHolds(matrix, tensor, $"{threads} threads");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void RegularSizesTakeNotAByteMoreThanTheFormat(WeightFormat format)
    {
        using var matrix = new PanelMatrix(new WeightLayout(format, 64, 1024));
        Assert.Equal(matrix.Layout.TotalBytes, matrix.AllocatedBytes);
    }

    private static PanelMatrix Pack(WeightTensor tensor, bool backwards)
    {
        var matrix = new PanelMatrix(tensor.Layout) { TensorScale = new SyntheticMatrix(Seed, tensor).TensorScale };

        // Rubbish that must be overwritten, not merged with.
        new Span<byte>(matrix.Codes.Pointer, (int)matrix.Codes.Bytes).Fill(0xA5);
        new Span<byte>(matrix.Scales.Pointer, (int)matrix.Scales.Bytes).Fill(0xA5);
        new Span<byte>(matrix.ZeroPoints.Pointer, (int)matrix.ZeroPoints.Bytes).Fill(0xA5);
        for (long i = 0; i < tensor.Layout.Rows; i++)
        {
            long row = backwards ? tensor.Layout.Rows - 1 - i : i;
            PackRow(matrix, tensor, row, row);
        }

        return matrix;
    }

    private static void PackRow(PanelMatrix matrix, WeightTensor tensor, long target, long source)
    {
        var codes = new byte[tensor.Layout.CodeBytesPerRow];
        var scales = new byte[tensor.Layout.ScaleBytesPerRow];
        var zeroPoints = new byte[tensor.Layout.ZeroPointBytesPerRow];
        new SyntheticMatrix(Seed, tensor).FillRow(source, codes, scales, zeroPoints);
        PanelPacker.PackRow(matrix, target, codes, scales, zeroPoints);
    }

    private static void AssertHolds(PanelMatrix matrix, WeightTensor tensor, string what)
    {
        var synthetic = new SyntheticMatrix(Seed, tensor);
        var expected = new double[tensor.Layout.Columns];
        var actual = new double[tensor.Layout.Columns];
        for (long row = 0; row < tensor.Layout.Rows; row++)
        {
            synthetic.DecodeRow(row, expected);
            PanelPacker.DecodeRow(matrix, row, actual);
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{tensor.Layout.Format}, {what}, row {row}");
        }
    }
}
