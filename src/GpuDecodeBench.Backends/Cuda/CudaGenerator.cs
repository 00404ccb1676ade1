using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// Makes synthetic weights, keys and values on the GPU (<c>kernels/fill.cu</c>), byte for byte as <see cref="TileLoader"/> and
/// <see cref="CudaKvCache.Fill"/> make them on the host: a model that fills the GPU's memory is there within seconds.
/// </summary>
/// <param name="context">The GPU.</param>
/// <param name="kernels">Its kernels.</param>
internal sealed class CudaGenerator(CudaContext context, CudaKernels kernels)
{
    private const int Threads = 256;

    /// <summary>Blocks of 256 threads that a multiprocessor runs at a time at most.</summary>
    private const int BlocksPerMultiprocessor = 8;

    private readonly List<(byte[] Codes, CudaBuffer Buffer)> _tables = [];
    private CudaStream? _stream;

    private CudaStream Stream => _stream ??= context.CreateStream();

    /// <summary>Fills all matrices of a tensor, and waits for them.</summary>
    public void Generate(CudaMatrices target, ulong seed, WeightTensor tensor)
    {
        var synthetic = new SyntheticMatrix(seed, tensor);
        target.SetTensorScales(synthetic.TensorScale);
        LaunchCodes(target, synthetic);
        LaunchScales(target, synthetic);
        Stream.Synchronize();
    }

    /// <summary>
    /// Fills the cache of a layer with the keys and values of every sequence's tokens but the last, and waits for them.
    /// </summary>
    public void Generate(CudaKvCache cache, SyntheticKv synthetic, KvTables tables)
    {
        KvLayout layout = cache.Layout;
        var arguments = new GenerateKvArguments
        {
            Seed = synthetic.Seed,
            KeyTable = TableOf(synthetic.KeyTable),
            ValueTable = TableOf(synthetic.ValueTable),
            Cache = cache.Address,
            Blocks = tables.Blocks,
            Contexts = tables.Contexts,
            BlockStride = tables.BlockStride,
            PagesPerBlock = tables.PagesPerBlock,
            Heads = layout.KvHeads,
            Dimension = layout.HeadDimension,
            Latent = layout.IsLatent ? 1 : 0,
        };
        cache.Buffer.Fill8(Stream, CudaKvCache.Unwritten);
        string kernel = layout.Format switch
        {
            KvFormat.Fp16 or KvFormat.Bf16 => "generate_kv_16",
            KvFormat.Fp8 => "generate_kv_fp8",
            _ => "generate_kv_int8",
        };
        var grid = new CudaDim3(
            tables.BlockStride * arguments.PagesPerBlock,
            layout.KvHeads * layout.VectorsPerHead,
            tables.Sequences
        );
        Launch(kernel, grid, arguments, "making the KV cache");
        Stream.Synchronize();
    }

    private static long DivideUp(long value, long divisor) => (value + divisor - 1) / divisor;

    private void LaunchCodes(CudaMatrices target, SyntheticMatrix synthetic)
    {
        TileLayout layout = target.Layout;
        MatricesArguments matrices = target.Arguments;
        string kernel = layout.Matrix.Format switch
        {
            WeightFormat.Fp16 or WeightFormat.Bf16 => "generate_codes_16",
            WeightFormat.Fp8 => "generate_codes_fp8",
            WeightFormat.Int8 => "generate_codes_int8",
            WeightFormat.Int4 => "generate_codes_int4",
            _ => "generate_codes_fp4",
        };
        long wanted = DivideUp((long)context.Device.MultiprocessorCount * BlocksPerMultiprocessor, target.Count);
        long blocks = Math.Min(wanted, DivideUp(layout.Matrix.Rows * layout.Chunks, Threads));
        var arguments = new GenerateCodesArguments
        {
            Seed = synthetic.TensorSeed,
            Table = TableOf(synthetic.Table),
            Target = matrices.Codes,
            MatrixBytes = matrices.CodesBytes,
            Rows = matrices.Rows,
            Columns = matrices.Columns,
        };
        Launch(kernel, new CudaDim3((int)blocks, target.Count), arguments, $"making {synthetic.Tensor.Role}");
    }

    private void LaunchScales(CudaMatrices target, SyntheticMatrix synthetic)
    {
        TileLayout layout = target.Layout;
        MatricesArguments matrices = target.Arguments;
        long chunks = layout.Matrix.Rows * layout.Chunks;
        (string Kernel, long Threads)? choice = layout.Matrix.Format switch
        {
            WeightFormat.Fp16 or WeightFormat.Bf16 => null,
            WeightFormat.Fp8 or WeightFormat.Int8 => ("generate_scales_row", layout.Matrix.Rows),
            WeightFormat.Int4 => ("generate_scales_int4", layout.ZeroPointBytes),
            WeightFormat.MxFp4 => ("generate_scales_mxfp4", chunks),
            _ => ("generate_scales_nvfp4", chunks),
        };
        if (choice is not (string kernel, long threads))
        {
            return;
        }

        long blocks = DivideUp(threads, Threads);
        var arguments = new GenerateScalesArguments
        {
            Seed = synthetic.TensorSeed,
            Factor = synthetic.ScaleFactor,
            Scales = matrices.Scales,
            ZeroPoints = matrices.ZeroPoints,
            ScalesBytes = matrices.ScalesBytes,
            ZeroPointsBytes = matrices.ZeroPointsBytes,
            Rows = matrices.Rows,
            Columns = matrices.Columns,
        };
        Launch(
            kernel,
            new CudaDim3(checked((int)blocks), target.Count),
            arguments,
            $"making the scales of {synthetic.Tensor.Role}"
        );
    }

    private void Launch<T>(string kernel, CudaDim3 grid, in T arguments, string what)
        where T : unmanaged =>
        Stream.Launch(new CudaLaunch(kernels.Get("fill", kernel), grid, new CudaDim3(Threads)), arguments, what);

    /// <summary>A table of codes in the GPU's memory, where it stays: there are few, of 8 KiB at most.</summary>
    private ulong TableOf(ReadOnlySpan<byte> codes)
    {
        foreach ((byte[] known, CudaBuffer kept) in _tables)
        {
            if (codes.SequenceEqual(known))
            {
                return kept.Address;
            }
        }

        CudaBuffer buffer = context.Allocate(codes.Length, "A table of synthetic codes");
        buffer.CopyFrom(codes);
        _tables.Add((codes.ToArray(), buffer));
        return buffer.Address;
    }
}
