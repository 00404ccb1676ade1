using GpuDecodeBench.Backends.Cpu.Vectors;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>The kernels of the path that <typeparamref name="TSimd"/> is.</summary>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
/// <typeparam name="TTable">Its tables.</typeparam>
internal sealed unsafe class PathKernels<TSimd, TVector, TTable>(SimdPath path) : CpuKernels
    where TSimd : struct, ISimdTables<TVector, TTable>
    where TVector : struct
    where TTable : struct
{
    public override SimdPath Path => path;

    public override int MultiplyAddsPerRound => PeakKernel<TSimd, TVector>.Sums * TSimd.Lanes;

    public override void Linear(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel)
    {
        switch (matrix.Layout.Format)
        {
            case WeightFormat.Fp16:
                DenseLinear<Fp16Decoder, TSimd, TVector>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Bf16:
                DenseLinear<Bf16Decoder, TSimd, TVector>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Fp8:
                DenseLinear<Fp8Decoder, TSimd, TVector>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Int8:
                DenseLinear<Int8Decoder, TSimd, TVector>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Int4:
                NibbleLinear<Int4Decoder, TSimd, TVector, TTable>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.MxFp4:
                NibbleLinear<MxFp4Decoder, TSimd, TVector, TTable>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            default:
                NibbleLinear<NvFp4Decoder, TSimd, TVector, TTable>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
        }
    }

    public override AttentionScratch Attention(in AttentionArguments arguments) =>
        arguments.Cache.Layout.Format switch
        {
            KvFormat.Fp16 => Attention<Fp16Decoder>(in arguments),
            KvFormat.Bf16 => Attention<Bf16Decoder>(in arguments),
            KvFormat.Fp8 => Attention<Fp8Decoder>(in arguments),
            _ => Attention<Int8Decoder>(in arguments),
        };

    private static AttentionScratch Attention<TDecoder>(in AttentionArguments arguments)
        where TDecoder : struct, ICodeDecoder =>
        arguments.Cache.Layout.IsLatent
            ? LatentAttention<TDecoder, TSimd, TVector>.Run(in arguments)
            : PagedAttention<TDecoder, TSimd, TVector>.Run(in arguments);

    public override void RmsNorm(float* x, float* weight, int length, float epsilon, float* result) =>
        VectorMath<TSimd, TVector>.RmsNorm(x, weight, length, epsilon, result);

    public override void Add(float* x, float* delta, int length) => VectorMath<TSimd, TVector>.Add(x, delta, length);

    public override void AddScaled(float* x, float* delta, float factor, int length) =>
        VectorMath<TSimd, TVector>.AddScaled(x, delta, factor, length);

    public override void SoftCap(float* x, int length, float cap) => VectorMath<TSimd, TVector>.SoftCap(x, length, cap);

    public override void JoinGates(GatedActivationKind kind, float* gate, float* up, int length, float* result) =>
        GatedActivations<TSimd, TVector>.Join(kind, gate, up, length, result);

    public override void Rotate(float* head, float* cosines, float* sines, int half) =>
        VectorMath<TSimd, TVector>.Rotate(head, cosines, sines, half);

    public override int Argmax(float* values, int length) => VectorMath<TSimd, TVector>.Argmax(values, length);

    public override long Read(ReadKernel kernel, byte* start, long bytes) => kernel.Read<TSimd, TVector>(start, bytes);

    public override float MultiplyAdds(int rounds) => PeakKernel<TSimd, TVector>.MultiplyAddLoop(rounds);
}
