using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// <c>y = W x</c> for batches so wide that arithmetic bounds the product: weights are decoded once to floats, which all tokens
/// then use.
/// </summary>
/// <remarks>
/// Blocks: 128 rows by 1024 columns of decoded weights (520 KiB) stay in the second-level cache while up to sixty-four tokens
/// pass; of those six at a time (24 KiB) stay in the first-level cache while the rows stream by. While they do, the next
/// tokens' inputs and the next block's codes are brought near.
/// Lanes: neighbouring columns, on every path; the sums of a row's lanes are added at the end of a block. No masks: rows that
/// fill the last panel are computed and not stored, columns that fill the last line meet inputs of zero.
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
    private const int LargestTile = 6;

    /// <summary>Bytes that a step asks for ahead of their use: as many as it takes of an input.</summary>
    private static int AheadBytes => TSimd.Lanes * sizeof(float);

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
        new Span<float>(scratch.Sums, panels * tokens * PanelMatrix.PanelRows).Clear();
        long linesPerBlock = WideScratch.BlockColumns / matrix.ColumnsPerLine;
        float* input = arguments.Input + (firstToken * arguments.InputStride);
        for (long line = 0; line < matrix.Lines; line += linesPerBlock)
        {
            long lines = Math.Min(linesPerBlock, matrix.Lines - line);
            for (int i = 0; i < panels; i++)
            {
                float* target = scratch.Weights + (i * WideScratch.PanelFloats);
                TDecoder.Decode(matrix, firstPanel + i, line, lines, target, WideScratch.RowStride);
            }

            long nextLine = line + lines;
            bool isLast = nextLine == matrix.Lines;
            // After the last columns of these panels come the first of the next ones.
            var next = new WideAhead
            {
                Codes = matrix.Panel(isLast ? firstPanel + panels : firstPanel),
                FirstLine = isLast ? 0 : nextLine,
                Lines = Math.Min(linesPerBlock, isLast ? matrix.Lines : matrix.Lines - nextLine),
                PanelBytes = matrix.Lines * PanelMatrix.PanelRows * PanelMatrix.LineBytes,
                Panels = panels,
            };
            float* x = input + (line * matrix.ColumnsPerLine);
            Multiply(in scratch, panels, tokens, lines * matrix.ColumnsPerLine, x, arguments.InputStride, in next);
        }

        for (int i = 0; i < panels; i++)
        {
            float* sums = scratch.Sums + (i * tokens * PanelMatrix.PanelRows);
            PanelResult.Finish(matrix, firstPanel + i, in arguments, firstToken, tokens, sums, TDecoder.OutputFactor);
        }
    }

    private static void Multiply(
        in WideScratch scratch,
        int panels,
        int tokens,
        long columns,
        float* input,
        long inputStride,
        in WideAhead next
    )
    {
        float* lanes = stackalloc float[LargestTile * PanelMatrix.PanelRows * PanelMatrix.Lanes];
        long piece = 0;
        for (int token = 0; token < tokens; )
        {
            int tile = TileTokens(tokens - token);
            float* x = input + (token * inputStride);
            for (int i = 0; i < panels; i++)
            {
                // The first calls of a tile ask for the next tile's inputs, the others for the next block's codes.
                byte* ahead =
                    i < LargestTile && token + tile + i < tokens
                        ? (byte*)(x + ((tile + i) * inputStride))
                        : next.Piece(piece++, columns * sizeof(float));
                float* weights = scratch.Weights + (i * WideScratch.PanelFloats);
                Tile(tile, weights, x, inputStride, columns, ahead, lanes);
                float* sums = scratch.Sums + (((i * tokens) + token) * PanelMatrix.PanelRows);
                AddLanes(lanes, tile * PanelMatrix.PanelRows, sums);
            }

            token += tile;
        }
    }

    private static void Tile(
        int tokens,
        float* weights,
        float* x,
        long inputStride,
        long columns,
        byte* ahead,
        float* lanes
    )
    {
        switch (tokens)
        {
            case 6:
                Tile6(weights, x, inputStride, columns, ahead, lanes);
                break;
            case 4:
                Tile4(weights, x, inputStride, columns, ahead, lanes);
                break;
            case 2:
                Tile2(weights, x, inputStride, columns, ahead, lanes);
                break;
            default:
                Tile1(weights, x, columns, ahead, lanes);
                break;
        }
    }

    /// <summary>Adds up the lanes of a tile's sums.</summary>
    private static void AddLanes(float* lanes, int count, float* sums)
    {
        for (int i = 0; i < count; i++)
        {
            sums[i] += TSimd.Sum(TSimd.Load(lanes + (i * PanelMatrix.Lanes)));
        }
    }

    /// <summary>Tokens of the next tile; more than two only where thirty-two registers hold their sums.</summary>
    private static int TileTokens(int left) =>
        left switch
        {
            >= 6 when TSimd.Registers >= 32 => 6,
            >= 4 when TSimd.Registers >= 32 => 4,
            >= 2 => 2,
            _ => 1,
        };
}
