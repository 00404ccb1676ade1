using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Generation;

/// <summary>
/// Weights made by the GPU's kernels are those that the host makes and packs. All bytes that a tensor takes are compared: what
/// fills a last chunk or a last group of scales is defined, and nothing is stored beyond.
/// </summary>
public sealed class GeneratedWeightsTests
{
    private const ulong Seed = 70_000_000_001;

    /// <summary>One chunk; whole groups; a last tile, half, block, group, chunk and code that are not full.</summary>
    private static readonly (int Rows, int Columns)[] s_shapes =
    [
        (1, 5),
        (16, 512),
        (7, 33),
        (8, 130),
        (9, 203),
        (25, 517),
        (64, 96),
        (39, 1041),
    ];

    public static TheoryData<int, WeightFormat> Cases
    {
        get
        {
            var cases = new TheoryData<int, WeightFormat>();
            foreach (int architecture in new[] { 75, 90 })
            {
                foreach (WeightFormat format in FormatNames.AllWeightFormats)
                {
                    cases.Add(architecture, format);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AMatrixMadeOnTheGpuHasTheBytesThatTheHostPacks(int architecture, WeightFormat format)
    {
        using CudaDevice device = Open(architecture);
        foreach ((int rows, int columns) in s_shapes)
        {
            AssertSame(device, new WeightTensor(TensorRole.GateUp, 3, new WeightLayout(format, rows, columns)));
            AssertSame(device, new WeightTensor(TensorRole.LmHead, null, new WeightLayout(format, rows, columns)));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryExpertMadeOnTheGpuHasTheBytesThatTheHostPacks(int architecture, WeightFormat format)
    {
        using CudaDevice device = Open(architecture);
        AssertSame(device, new WeightTensor(TensorRole.ExpertDown, 1, new WeightLayout(format, 21, 203), Count: 5));
        AssertSame(device, new WeightTensor(TensorRole.ExpertGateUp, 60, new WeightLayout(format, 3, 40), Count: 37));
    }

    [Theory]
    [InlineData(WeightFormat.Bf16, 1)]
    [InlineData(WeightFormat.Fp8, 2)]
    [InlineData(WeightFormat.Int4, 2)]
    [InlineData(WeightFormat.NvFp4, 2)]
    public void AllExpertsOfALayerTakeOneLaunchForCodesAndOneForScales(WeightFormat format, int launches)
    {
        using CudaDevice device = Open(80);
        var tensor = new WeightTensor(TensorRole.ExpertDown, 1, new WeightLayout(format, 4, 64), Count: 64);
        using var matrices = new CudaMatrices(device.Context, tensor);
        int launched = 0;
        device.Machine!.OnLaunch = (_, _, _, _) => launched++;
        device.Generator.Generate(matrices, Seed, tensor);
        Assert.Equal(launches, launched);
    }

    private static CudaDevice Open(int architecture)
    {
        var backend = new EmulatorBackend(architecture);
        return (CudaDevice)backend.Open(backend.FindDevices()[0].Id);
    }

    private static void AssertSame(CudaDevice device, WeightTensor tensor)
    {
        using CudaStream stream = device.Context.CreateStream();
        using var packed = new CudaMatrices(device.Context, tensor);
        using var made = new CudaMatrices(device.Context, tensor);
        foreach (CudaBuffer buffer in made.Buffers)
        {
            buffer.Fill8(stream, 0x5A);
        }

        TileLoader.Load(packed, Seed, tensor, CancellationToken.None);
        device.Generator.Generate(made, Seed, tensor);
        WeightLayout layout = tensor.Layout;
        foreach ((CudaBuffer expected, CudaBuffer actual) in packed.Buffers.Zip(made.Buffers))
        {
            int difference = Read(expected).AsSpan().CommonPrefixLength(Read(actual));
            Assert.True(
                difference == expected.Bytes,
                $"{expected.What}, {tensor.Count} of {layout.Format}, {layout.Rows} x {layout.Columns}: byte {difference} of {expected.Bytes} differs (seed {Seed})"
            );
        }
    }

    private static byte[] Read(CudaBuffer buffer)
    {
        var bytes = new byte[buffer.Bytes];
        buffer.CopyTo(bytes);
        return bytes;
    }
}
