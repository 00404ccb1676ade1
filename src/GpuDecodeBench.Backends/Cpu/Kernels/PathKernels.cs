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
                Dense<Fp16Decoder>(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Bf16:
                Dense<Bf16Decoder>(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Fp8:
                Dense<Fp8Decoder>(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Int8:
                Dense<Int8Decoder>(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Int4:
                Nibbles<Int4Decoder>(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.MxFp4:
                Nibbles<MxFp4Decoder>(matrix, in arguments, firstPanel, endPanel);
                break;
            default:
                Nibbles<NvFp4Decoder>(matrix, in arguments, firstPanel, endPanel);
                break;
        }
    }

    private static void Dense<TDecoder>(PanelMatrix matrix, in LinearArguments arguments, long first, long end)
        where TDecoder : struct, ICodeDecoder
    {
        if (arguments.IsWide)
        {
            WideLinear<DensePanelDecoder<TDecoder, TSimd, TVector>, TSimd, TVector>.Panels(
                matrix,
                in arguments,
                first,
                end
            );
        }
        else
        {
            DenseLinear<TDecoder, TSimd, TVector>.Panels(matrix, in arguments, first, end);
        }
    }

    private static void Nibbles<TDecoder>(PanelMatrix matrix, in LinearArguments arguments, long first, long end)
        where TDecoder : struct, INibbleDecoder
    {
        if (arguments.IsWide)
        {
            WideLinear<NibblePanelDecoder<TDecoder, TSimd, TVector, TTable>, TSimd, TVector>.Panels(
                matrix,
                in arguments,
                first,
                end
            );
        }
        else
        {
            NibbleLinear<TDecoder, TSimd, TVector, TTable>.Panels(matrix, in arguments, first, end);
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
