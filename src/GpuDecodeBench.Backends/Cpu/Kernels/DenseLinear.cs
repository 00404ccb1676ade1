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

    /// <summary>Computes the rows of some panels for the whole batch.</summary>
    public static void Panels(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel)
    {
        // A tile computes into this and calls nothing, so that its sums stay in registers throughout.
        float* sums = stackalloc float[PanelResult.SumFloats];
        for (long panel = firstPanel; panel < endPanel; panel++)
        {
            byte* codes = matrix.Panel(panel);
            byte* end = matrix.Panel(panel + 1);
            // A panel's codes come from memory once and from the nearest cache for every further tile of the batch.
            int token = 0;
            while (token < arguments.Batch)
            {
                int tokens = PanelResult.TileTokens<TSimd, TVector>(arguments.Batch - token);
                float* input = arguments.Input + (token * arguments.InputStride);
                PanelResult.Clear(sums, tokens);
                Tile(tokens, codes, end, input, arguments.InputStride, sums);
                PanelResult.Store<TSimd, TVector>(
                    matrix,
                    panel,
                    in arguments,
                    token,
                    tokens,
                    sums,
                    TDecoder.OutputFactor
                );
                token += tokens;
            }
        }
    }

    /// <summary>
    /// A tile over a whole panel. Where a register holds a part of a line, the parts follow each other over a chunk of the
    /// panel that stays in the first-level cache, so that memory is still read once and in order.
    /// </summary>
    private static void Tile(int tokens, byte* codes, byte* end, float* input, long inputStride, float* sums)
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
                        Tile4(part, chunkEnd, input + lane, inputStride, sums + lane);
                        break;
                    case 2:
                        Tile2(part, chunkEnd, input + lane, inputStride, sums + lane);
                        break;
                    default:
                        Tile1(part, chunkEnd, input + lane, sums + lane);
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
