using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// <c>y = W x</c> for batches so wide that arithmetic bounds the product: weights are decoded once to floats, which all tokens
/// then use.
/// </summary>
/// <remarks>
/// Blocks: thirty-two rows by 1024 columns of decoded weights (128 KiB) stay in the second-level cache while up to sixty tokens
/// pass; of those six at a time (24 KiB) stay in the first-level cache while the rows stream by. Sums stay apart by lane until
/// all columns are done.
/// Lanes: neighbouring columns, on every path; the sums of a row's lanes are added at the end. No masks: rows that fill the last
/// panel are computed and not stored, columns that fill the last line meet inputs of zero.
/// Bytes: codes once from memory. Bound by multiply-adds: a tile of four rows by six tokens makes twenty-four of them from ten
/// loads.
/// </remarks>
/// <typeparam name="TDecoder">How a panel is decoded.</typeparam>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal static unsafe partial class WideLinear<TDecoder, TSimd, TVector>
    where TDecoder : struct, IPanelDecoder
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Computes the rows of some panels for the whole batch.</summary>
    public static void Panels(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel)
    {
        for (int token = 0; token < arguments.Batch; token += WideScratch.BlockTokens)
        {
            int tokens = Math.Min(WideScratch.BlockTokens, arguments.Batch - token);
            for (long panel = firstPanel; panel < endPanel; panel += WideScratch.BlockPanels)
            {
                int panels = (int)Math.Min(WideScratch.BlockPanels, endPanel - panel);
                Block(matrix, in arguments, panel, panels, token, tokens);
            }
        }
    }

    private static void Block(
        PanelMatrix matrix,
        in LinearArguments arguments,
        long firstPanel,
        int panels,
        int firstToken,
        int tokens
    )
    {
        var scratch = new WideScratch(arguments.Scratch);
        new Span<float>(scratch.Sums, panels * tokens * WideScratch.SumsPerToken).Clear();
        long linesPerBlock = WideScratch.BlockColumns / matrix.ColumnsPerLine;
        for (long line = 0; line < matrix.Lines; line += linesPerBlock)
        {
            long lines = Math.Min(linesPerBlock, matrix.Lines - line);
            for (int i = 0; i < panels; i++)
            {
                TDecoder.Decode(
                    matrix,
                    firstPanel + i,
                    line,
                    lines,
                    scratch.Weights + (i * WideScratch.PanelFloats),
                    WideScratch.RowStride
                );
            }

            float* input = arguments.Input + (firstToken * arguments.InputStride) + (line * matrix.ColumnsPerLine);
            MultiplyBlock(in scratch, panels, tokens, lines * matrix.ColumnsPerLine, input, arguments.InputStride);
        }

        for (int i = 0; i < panels; i++)
        {
            float* sums = scratch.Sums + (i * tokens * WideScratch.SumsPerToken);
            PanelResult.Store<TSimd, TVector>(
                matrix,
                firstPanel + i,
                in arguments,
                firstToken,
                tokens,
                sums,
                TDecoder.OutputFactor
            );
        }
    }

    private static void MultiplyBlock(
        in WideScratch scratch,
        int panels,
        int tokens,
        long columns,
        float* input,
        long inputStride
    )
    {
        for (int token = 0; token < tokens; )
        {
            int tile = TileTokens(tokens - token);
            float* x = input + (token * inputStride);
            for (int i = 0; i < panels; i++)
            {
                float* weights = scratch.Weights + (i * WideScratch.PanelFloats);
                float* sums = scratch.Sums + (((i * tokens) + token) * WideScratch.SumsPerToken);
                switch (tile)
                {
                    case 6:
                        Tile6(weights, WideScratch.RowStride, x, inputStride, columns, sums);
                        break;
                    case 2:
                        Tile2(weights, WideScratch.RowStride, x, inputStride, columns, sums);
                        break;
                    default:
                        Tile1(weights, WideScratch.RowStride, x, columns, sums);
                        break;
                }
            }

            token += tile;
        }
    }

    /// <summary>Tokens of the next tile; six only where thirty-two registers hold their sums.</summary>
    private static int TileTokens(int left) =>
        left switch
        {
            >= 6 when TSimd.Registers >= 32 => 6,
            >= 2 => 2,
            _ => 1,
        };
}
