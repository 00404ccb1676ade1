using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// <c>y = W x</c> for weights of sixteen or eight bits: four rows of a panel by one, two or four tokens at a time.
/// </summary>
/// <remarks>
/// Lanes: a line of a row decodes to vectors of sixteen neighbouring columns; lane j accumulates columns j, 16 + j, 32 + j … of
/// the row, and the sixteen partial sums are added at the end. AVX-512 works on all lanes of a line at once, with tiles of up to
/// four tokens; AVX2 on lanes 0 … 7, then 8 … 15, and the portable path on four lanes at a time, with tiles of two tokens where
/// the processor has sixteen registers. No masks on any path: rows that fill the last panel are computed and not stored,
/// columns that fill the last line meet inputs of zero.
/// Bytes: the panel's codes once, 4 × K × bits / 8; inputs and outputs stay in cache. Bound by memory at small batches, by
/// multiply-adds from a batch of some tens.
/// </remarks>
/// <typeparam name="TDecoder">How a line is decoded.</typeparam>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal static unsafe partial class DenseLinear<TDecoder, TSimd, TVector>
    where TDecoder : struct, ICodeDecoder
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>How far ahead of its use a line is asked for: about the time that memory takes to answer.</summary>
    private const int PrefetchBytes = 4096;

    private const int PanelBytesPerLine = PanelMatrix.PanelRows * PanelMatrix.LineBytes;

    /// <summary>
    /// Columns whose inputs stay in the first-level cache for a group of panels: 4 KiB for each token. An input that comes from
    /// the second level fills the first a second time, and time for filling is what the stream from memory needs.
    /// </summary>
    private const int ChunkColumns = 1024;

    private const int GroupPanels = 16;

    /// <summary>Tokens whose sums are kept for a group of panels.</summary>
    private const int GroupTokens = 24;

    /// <summary>Computes the rows of some panels for the whole batch.</summary>
    public static void Panels(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel)
    {
        int tokensAtOnce = Math.Min(GroupTokens, arguments.Batch);
        int panelsAtOnce = arguments.Batch == 1 ? 1 : GroupPanels;
        // Tiles compute into this and call nothing, so that their sums stay in registers throughout.
        float* sums = stackalloc float[panelsAtOnce * tokensAtOnce * PanelResult.SumsPerToken];
        for (int token = 0; token < arguments.Batch; token += tokensAtOnce)
        {
            int tokens = Math.Min(tokensAtOnce, arguments.Batch - token);
            for (long panel = firstPanel; panel < endPanel; panel += panelsAtOnce)
            {
                int panels = (int)Math.Min(panelsAtOnce, endPanel - panel);
                Group(matrix, in arguments, panel, panels, token, tokens, sums);
            }
        }
    }

    /// <summary>Some panels by some tokens: chunk by chunk of columns, each for all panels, or all columns of a single panel.</summary>
    private static void Group(
        PanelMatrix matrix,
        in LinearArguments arguments,
        long firstPanel,
        int panels,
        int firstToken,
        int tokens,
        float* sums
    )
    {
        new Span<float>(sums, panels * tokens * PanelResult.SumsPerToken).Clear();
        long chunk = panels == 1 ? matrix.Lines : ChunkColumns / matrix.ColumnsPerLine;
        float* input = arguments.Input + (firstToken * arguments.InputStride);
        for (long line = 0; line < matrix.Lines; line += chunk)
        {
            long lines = Math.Min(chunk, matrix.Lines - line);
            float* x = input + (line * matrix.ColumnsPerLine);
            byte* nextChunk = matrix.Panel(firstPanel) + ((line + lines) * PanelBytesPerLine);
            // The first tile's codes come from memory; the second-level cache keeps them for the others.
            for (int token = 0; token < tokens; )
            {
                int tile = PanelResult.TileTokens<TSimd, TVector>(tokens - token);
                float* tileInput = x + (token * arguments.InputStride);
                for (int i = 0; i < panels; i++)
                {
                    byte* codes = matrix.Panel(firstPanel + i) + (line * PanelBytesPerLine);
                    byte* end = codes + (lines * PanelBytesPerLine);
                    // The next piece that is read: of the next panel, or after the last one the next chunk of the first.
                    byte* next = i + 1 < panels ? codes + (matrix.Lines * PanelBytesPerLine) : nextChunk;
                    long ahead = panels == 1 ? PrefetchBytes : next - codes;
                    float* target = sums + ((((long)i * tokens) + token) * PanelResult.SumsPerToken);
                    Tile(tile, codes, end, tileInput, arguments.InputStride, ahead, target);
                }

                token += tile;
            }
        }

        for (int i = 0; i < panels; i++)
        {
            PanelResult.Store<TSimd, TVector>(
                matrix,
                firstPanel + i,
                in arguments,
                firstToken,
                tokens,
                sums + ((long)i * tokens * PanelResult.SumsPerToken),
                TDecoder.OutputFactor
            );
        }
    }

    /// <summary>
    /// A tile over a whole panel. Where a register holds a part of a line, the parts follow each other over a chunk of the
    /// panel that stays in the first-level cache, so that memory is still read once and in order.
    /// </summary>
    private static void Tile(
        int tokens,
        byte* codes,
        byte* end,
        float* input,
        long inputStride,
        long ahead,
        float* sums
    )
    {
        while (codes < end)
        {
            byte* chunkEnd =
                TSimd.Lanes == PanelMatrix.Lanes || end - codes <= PanelResult.ChunkBytes
                    ? end
                    : codes + PanelResult.ChunkBytes;
            for (int lane = 0; lane < PanelMatrix.Lanes; lane += TSimd.Lanes)
            {
                byte* part = codes + (lane * sizeof(float));
                switch (tokens)
                {
                    case 4:
                        Tile4(part, chunkEnd, input + lane, inputStride, ahead, sums + lane);
                        break;
                    case 2:
                        Tile2(part, chunkEnd, input + lane, inputStride, ahead, sums + lane);
                        break;
                    default:
                        Tile1(part, chunkEnd, input + lane, ahead, sums + lane);
                        break;
                }
            }

            input += (chunkEnd - codes) / PanelBytesPerLine * TDecoder.VectorsPerLine * PanelMatrix.Lanes;
            codes = chunkEnd;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Input(float* input, int index)
    {
        TVector values = TSimd.Load(input + (index * PanelMatrix.Lanes));
        return TDecoder.InputFactor == 1 ? values : TSimd.Multiply(values, TSimd.Floats(TDecoder.InputFactor));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Decode(TVector line, int index) => TDecoder.Decode<TSimd, TVector>(line, index);
}
