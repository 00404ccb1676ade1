using GpuDecodeBench.Backends.Cpu.Vectors;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>The end of a panel's matrix product: sums across lanes, scales, bias, and only the rows that exist.</summary>
internal static unsafe class PanelResult
{
    /// <summary>The most tokens that a tile computes at once.</summary>
    private const int LargestTile = 4;

    /// <summary>Bytes of a panel over which the parts of lines follow each other: a quarter of a small first-level cache.</summary>
    public const int ChunkBytes = 8 << 10;

    /// <summary>Floats that a tile leaves: sixteen partial sums for each token and row, token by token.</summary>
    public const int SumFloats = LargestTile * SumsPerToken;

    /// <summary>Partial sums of a token with a panel: sixteen for each row.</summary>
    public const int SumsPerToken = PanelMatrix.PanelRows * PanelMatrix.Lanes;

    /// <summary>Tokens of the next tile: 4, 2 or 1, and 4 only where thirty-two registers hold their sums.</summary>
    public static int TileTokens<TSimd, TVector>(int left)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        left switch
        {
            >= 4 when TSimd.Registers >= 32 => 4,
            >= 2 => 2,
            _ => 1,
        };

    /// <summary>Sets the sums of a tile to zero; tiles add to them.</summary>
    public static void Clear(float* sums, int tokens) =>
        new Span<float>(sums, tokens * PanelMatrix.PanelRows * PanelMatrix.Lanes).Clear();

    /// <summary>Adds up the lanes of a tile's sums and stores its results.</summary>
    public static void Store<TSimd, TVector>(
        PanelMatrix matrix,
        long panel,
        in LinearArguments arguments,
        int firstToken,
        int tokens,
        float* sums,
        float outputFactor
    )
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        long firstRow = panel * PanelMatrix.PanelRows;
        int rows = (int)Math.Min(PanelMatrix.PanelRows, matrix.Layout.Rows - firstRow);
        bool scaled = matrix.Layout.Format is WeightFormat.Fp8 or WeightFormat.Int8;
        for (int token = 0; token < tokens; token++, sums += SumsPerToken)
        {
            float* output = arguments.Output + ((firstToken + token) * arguments.OutputStride) + firstRow;
            for (int r = 0; r < rows; r++)
            {
                float sum = Sum<TSimd, TVector>(sums + (r * PanelMatrix.Lanes));
                // Both factors together could leave FP32's range, one after the other they do not.
                sum *= scaled ? matrix.Scales.Floats[firstRow + r] : matrix.TensorScale;
                sum *= outputFactor;
                output[r] = arguments.Bias is null ? sum : sum + arguments.Bias[firstRow + r];
            }
        }
    }

    /// <summary>Sixteen partial sums added up: the parts of a line first, then the lanes of a register.</summary>
    private static float Sum<TSimd, TVector>(float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector sum = TSimd.Load(sums);
        for (int lane = TSimd.Lanes; lane < PanelMatrix.Lanes; lane += TSimd.Lanes)
        {
            sum = TSimd.Add(sum, TSimd.Load(sums + lane));
        }

        return TSimd.Sum(sum);
    }
}
