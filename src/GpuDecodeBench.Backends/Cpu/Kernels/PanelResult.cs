using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>The end of a panel's matrix product: scales, bias, and only the rows that exist.</summary>
internal static unsafe class PanelResult
{
    public static void Store(
        PanelMatrix matrix,
        long panel,
        in LinearArguments arguments,
        int token,
        float* sums,
        float outputFactor
    )
    {
        long firstRow = panel * PanelMatrix.PanelRows;
        int rows = (int)Math.Min(PanelMatrix.PanelRows, matrix.Layout.Rows - firstRow);
        float* output = arguments.Output + (token * arguments.OutputStride) + firstRow;
        bool scaled = matrix.Layout.Format is WeightFormat.Fp8 or WeightFormat.Int8;
        for (int r = 0; r < rows; r++)
        {
            // Both factors together could leave FP32's range, one after the other they do not.
            float value = sums[r] * (scaled ? matrix.Scales.Floats[firstRow + r] : matrix.TensorScale);
            value *= outputFactor;
            output[r] = arguments.Bias is null ? value : value + arguments.Bias[firstRow + r];
        }
    }
}
