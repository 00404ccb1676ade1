using System.Runtime.Intrinsics;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>The end of a panel's matrix product: sums across lanes, scales, bias, and only the rows that exist.</summary>
internal static unsafe class PanelResult
{
    /// <summary>The most tokens that a tile computes at once.</summary>
    private const int LargestTile = 4;

    /// <summary>Floats that a tile leaves: sixteen partial sums for each token and row, token by token.</summary>
    public const int SumFloats = LargestTile * PanelMatrix.PanelRows * Simd.Lanes;

    /// <summary>Tokens of the next tile: 4, 2 or 1.</summary>
    public static int TileTokens(int left) =>
        left switch
        {
            >= 4 => 4,
            >= 2 => 2,
            _ => 1,
        };

    /// <summary>Stores the results of a tile.</summary>
    public static void Store(
        PanelMatrix matrix,
        long panel,
        in LinearArguments arguments,
        int firstToken,
        int tokens,
        float* sums,
        float outputFactor
    )
    {
        long firstRow = panel * PanelMatrix.PanelRows;
        int rows = (int)Math.Min(PanelMatrix.PanelRows, matrix.Layout.Rows - firstRow);
        bool scaled = matrix.Layout.Format is WeightFormat.Fp8 or WeightFormat.Int8;
        for (int token = 0; token < tokens; token++)
        {
            float* output = arguments.Output + ((firstToken + token) * arguments.OutputStride) + firstRow;
            for (int r = 0; r < rows; r++)
            {
                float sum = Vector512.Sum(Vector512.Load(sums + (((token * PanelMatrix.PanelRows) + r) * Simd.Lanes)));
                // Both factors together could leave FP32's range, one after the other they do not.
                sum *= scaled ? matrix.Scales.Floats[firstRow + r] : matrix.TensorScale;
                sum *= outputFactor;
                output[r] = arguments.Bias is null ? sum : sum + arguments.Bias[firstRow + r];
            }
        }
    }
}
