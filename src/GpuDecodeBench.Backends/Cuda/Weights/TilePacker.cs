using System.Buffers.Binary;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cuda.Weights;

/// <summary>
/// Takes rows from the canonical order of docs/formats.md to that of <see cref="TileLayout"/>, codes ordered for the kernels'
/// decoding as <c>kernels/include/weights.h</c> says.
/// </summary>
/// <param name="layout">The layout of the matrix.</param>
/// <param name="firstRow">The first row of the part that the spans hold; a multiple of sixteen.</param>
internal readonly struct TilePacker(TileLayout layout, long firstRow)
{
    private readonly long _codesBefore = layout.CodesBefore(firstRow);
    private readonly long _scalesBefore = layout.ScalesBefore(firstRow);
    private readonly long _zeroPointsBefore = layout.ZeroPointsBefore(firstRow);

    /// <summary>Packs a row into the bytes that hold its part of the matrix.</summary>
    public void PackRow(
        long row,
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<byte> scales,
        ReadOnlySpan<byte> zeroPoints,
        Span<byte> packedCodes,
        Span<byte> packedScales,
        Span<byte> packedZeroPoints
    )
    {
        Span<byte> full = stackalloc byte[TileLayout.ChunkBytes];
        Span<byte> ordered = stackalloc byte[TileLayout.ChunkBytes];
        for (int chunk = 0; chunk < layout.Chunks; chunk++)
        {
            ReadOnlySpan<byte> source = codes[(chunk * TileLayout.ChunkBytes)..];
            int given = Math.Min(source.Length, TileLayout.ChunkBytes);
            full.Clear();
            source[..given].CopyTo(full);
            if (layout.Matrix.Format == WeightFormat.Int4)
            {
                FillInt4Tail(chunk, zeroPoints, full);
            }

            int offset = (int)(layout.CodeOffset(row, chunk) - _codesBefore);
            Reorder(layout.Matrix.Format, full, ordered);
            int stored = chunk < layout.WholeChunks ? TileLayout.ChunkBytes : layout.TailBytes;
            ordered[..stored].CopyTo(packedCodes[offset..]);
        }

        PackScales(row, scales, packedScales);
        if (layout.Matrix.Format == WeightFormat.Int4)
        {
            PackZeroPoints(row, zeroPoints, packedZeroPoints);
        }
    }

    /// <summary>Orders a chunk's codes as the kernels decode them.</summary>
    internal static void Reorder(WeightFormat format, ReadOnlySpan<byte> source, Span<byte> target)
    {
        switch (format)
        {
            case WeightFormat.Fp16 or WeightFormat.Bf16:
                source.CopyTo(target);
                break;
            case WeightFormat.Int8:
                for (int i = 0; i < source.Length; i += 4)
                {
                    (target[i + 1], target[i + 3], target[i], target[i + 2]) = (
                        source[i],
                        source[i + 1],
                        source[i + 2],
                        source[i + 3]
                    );
                }

                break;
            default:
                for (int i = 0; i < source.Length; i += 4)
                {
                    uint word = BinaryPrimitives.ReadUInt32LittleEndian(source[i..]);
                    BinaryPrimitives.WriteUInt32LittleEndian(
                        target[i..],
                        format switch
                        {
                            WeightFormat.Fp8 => CrossingWords.OfE4M3(word),
                            WeightFormat.Int4 => ReorderInt4(word),
                            _ => CrossingWords.OfE2M1(word),
                        }
                    );
                }

                break;
        }
    }

    /// <summary>Columns 2p and 2p + 1 to bits 4p of the low and of the high half.</summary>
    private static uint ReorderInt4(uint word)
    {
        uint result = 0;
        for (int pair = 0; pair < 4; pair++)
        {
            result |= ((word >> (8 * pair)) & 15) << (4 * pair);
            result |= ((word >> ((8 * pair) + 4)) & 15) << ((4 * pair) + 16);
        }

        return result;
    }

    /// <summary>Codes behind a row's last column are its zero point: weights of zero.</summary>
    private void FillInt4Tail(int chunk, ReadOnlySpan<byte> zeroPoints, Span<byte> full)
    {
        long first = (long)chunk * layout.ChunkColumns;
        int block = chunk / TileLayout.BlockChunks;
        int zero = ZeroPoint(zeroPoints, block);
        for (long column = Math.Max(first, layout.Matrix.Columns); column < first + layout.ChunkColumns; column++)
        {
            int at = (int)(column - first);
            full[at / 2] |= (byte)(zero << (4 * (at % 2)));
        }
    }

    private void PackScales(long row, ReadOnlySpan<byte> scales, Span<byte> packed)
    {
        switch (layout.Matrix.Format)
        {
            case WeightFormat.Fp16 or WeightFormat.Bf16:
                break;
            case WeightFormat.Fp8 or WeightFormat.Int8:
                scales[..sizeof(float)].CopyTo(packed[(int)((row * sizeof(float)) - _scalesBefore)..]);
                break;
            case WeightFormat.Int4:
                for (int block = 0; block < layout.Blocks; block++)
                {
                    long offset = layout.ScaleOffset(row, block * TileLayout.BlockChunks) - _scalesBefore;
                    scales.Slice(2 * block, 2).CopyTo(packed[(int)offset..]);
                }

                break;
            default:
                int perChunk = layout.Matrix.Format == WeightFormat.MxFp4 ? 1 : 2;
                for (int i = 0; i < layout.Matrix.ScalesPerRow; i++)
                {
                    long offset = layout.ScaleOffset(row, i / perChunk) - _scalesBefore + (i % perChunk);
                    packed[(int)offset] = scales[i];
                }

                break;
        }
    }

    private void PackZeroPoints(long row, ReadOnlySpan<byte> zeroPoints, Span<byte> packed)
    {
        for (int block = 0; block < layout.Blocks; block++)
        {
            (long offset, bool isHigh) = layout.ZeroPointPlace(row, block);
            ref byte target = ref packed[(int)(offset - _zeroPointsBefore)];
            target |= (byte)(ZeroPoint(zeroPoints, block) << (isHigh ? 4 : 0));
        }
    }

    private static int ZeroPoint(ReadOnlySpan<byte> zeroPoints, int block) =>
        (zeroPoints[block / 2] >> (4 * (block % 2))) & 15;
}
