using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Chooses the matrix product for a matrix's format.</summary>
internal static unsafe class LinearKernel
{
    /// <summary>Computes the rows of some panels for the whole batch.</summary>
    public static void Panels(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel)
    {
        switch (matrix.Layout.Format)
        {
            case WeightFormat.Fp16:
                DenseLinear<Fp16Decoder>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Bf16:
                DenseLinear<Bf16Decoder>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Fp8:
                DenseLinear<Fp8Decoder>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Int8:
                DenseLinear<Int8Decoder>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.Int4:
                NibbleLinear<Int4Decoder>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            case WeightFormat.MxFp4:
                NibbleLinear<MxFp4Decoder>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
            default:
                NibbleLinear<NvFp4Decoder>.Panels(matrix, in arguments, firstPanel, endPanel);
                break;
        }
    }
}
