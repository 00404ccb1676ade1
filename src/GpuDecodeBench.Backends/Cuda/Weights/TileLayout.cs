using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cuda.Weights;

/// <summary>
/// Where a matrix's bytes lie for the GPU's kernels: tiles of sixteen rows, in them blocks of four 16-byte chunks of each row.
/// <c>kernels/include/weights.h</c> gives the layout; both must say the same.
/// </summary>
internal sealed class TileLayout
{
    public const int TileRows = 16;
    public const int HalfRows = 8;
    public const int ChunkBytes = 16;
    public const int BlockChunks = 4;
    public const int GroupBlocks = 4;
    private const int Lanes = 32;

    public TileLayout(WeightLayout matrix)
    {
        Matrix = matrix;
        ChunkColumns = ChunkBytes * 8 / matrix.BitsPerCode;
        Chunks = checked((int)DivideUp(matrix.Columns, ChunkColumns));
        Blocks = (int)DivideUp(Chunks, BlockChunks);
        Groups = (int)DivideUp(Blocks, GroupBlocks);
        Tiles = DivideUp(matrix.Rows, TileRows);
    }

    /// <summary>The format and shape.</summary>
    public WeightLayout Matrix { get; }

    /// <summary>Columns in a chunk: 8, 16 or 32.</summary>
    public int ChunkColumns { get; }

    /// <summary>Chunks of a row; the last may not be full.</summary>
    public int Chunks { get; }

    /// <summary>Blocks of a tile along the columns; the last may have fewer chunks.</summary>
    public int Blocks { get; }

    /// <summary>Groups of four blocks.</summary>
    public int Groups { get; }

    /// <summary>Tiles; the last may have fewer rows.</summary>
    public long Tiles { get; }

    /// <summary>Bytes of a matrix's codes.</summary>
    public long CodeBytes => Matrix.Rows * Chunks * ChunkBytes;

    /// <summary>Bytes of a matrix's scales.</summary>
    public long ScaleBytes =>
        Matrix.Format switch
        {
            WeightFormat.Fp16 or WeightFormat.Bf16 => 0,
            WeightFormat.Fp8 or WeightFormat.Int8 => Matrix.Rows * sizeof(float),
            WeightFormat.Int4 => Tiles * Groups * Lanes * 4,
            WeightFormat.MxFp4 => Tiles * Blocks * Lanes * 2,
            _ => Tiles * Blocks * Lanes * 4,
        };

    /// <summary>Bytes of a matrix's zero points.</summary>
    public long ZeroPointBytes => Matrix.Format == WeightFormat.Int4 ? Tiles * Groups * Lanes : 0;

    /// <summary>
    /// Bytes of a matrix that a product reads, but the scale of the whole: all codes, and scales by lanes, each for a row of a
    /// tile's upper half and one of its lower half that need not exist.
    /// </summary>
    public long ReadBytes => CodeBytes + (HasScaleByRow ? ScaleBytes : LaneRows * Blocks * ScaleBytesPerLaneRow);

    /// <summary>Rows of the tiles' upper halves.</summary>
    private long LaneRows => ((Tiles - 1) * HalfRows) + Math.Min(HalfRows, Matrix.Rows - ((Tiles - 1) * TileRows));

    /// <summary>Bytes of scales and zero points that the lanes of a row read for a block.</summary>
    private int ScaleBytesPerLaneRow =>
        Matrix.Format switch
        {
            WeightFormat.Int4 => 4 + 1,
            WeightFormat.MxFp4 => BlockChunks * 2,
            WeightFormat.NvFp4 => BlockChunks * 4,
            _ => 0,
        };

    /// <summary>Whether a row has one scale.</summary>
    public bool HasScaleByRow => Matrix.Format is WeightFormat.Fp8 or WeightFormat.Int8;

    /// <summary>Bytes of scales before a row that begins a tile.</summary>
    public long ScalesBefore(long firstRow) =>
        HasScaleByRow ? firstRow * sizeof(float) : firstRow / TileRows * (ScaleBytes / Tiles);

    /// <summary>Where a chunk of a row begins among the codes.</summary>
    public long CodeOffset(long row, int chunk)
    {
        long tile = row / TileRows;
        int inTile = (int)(row % TileRows);
        long tileRows = Math.Min(TileRows, Matrix.Rows - (tile * TileRows));
        int block = chunk / BlockChunks;
        int here = Math.Min(BlockChunks, Chunks - (block * BlockChunks));
        long before =
            (block * BlockChunks * tileRows)
            + (inTile / HalfRows * HalfRows * here)
            + (inTile % HalfRows * here)
            + (chunk % BlockChunks);
        return ((tile * TileRows * Chunks) + before) * ChunkBytes;
    }

    /// <summary>
    /// Where the scale that belongs to a row's chunk lies, for the formats that have scales by groups: the place of the first of
    /// the scales of that chunk (mxfp4, nvfp4) or block (int4).
    /// </summary>
    public long ScaleOffset(long row, int chunk)
    {
        (int inTile, int block, int group) = Place(row, chunk);
        long tile = row / TileRows;
        int half = inTile / HalfRows;
        if (Matrix.Format == WeightFormat.Int4)
        {
            long lane = (inTile % HalfRows * BlockChunks) + (block % GroupBlocks);
            return (((((tile * Groups) + group) * Lanes) + lane) * 4) + (2 * half);
        }

        int here = Math.Min(GroupBlocks, Blocks - (group * GroupBlocks));
        long ownLane = (inTile % HalfRows * BlockChunks) + (chunk % BlockChunks);
        long entry = (Lanes * ((tile * Blocks) + (group * GroupBlocks))) + (ownLane * here) + (block % GroupBlocks);
        return Matrix.Format == WeightFormat.MxFp4 ? (2 * entry) + half : (4 * entry) + (2 * half);
    }

    /// <summary>The byte that holds int4's zero point of a row's block: the low nibble for the upper eight rows of a tile.</summary>
    public (long Offset, bool IsHigh) ZeroPointPlace(long row, int block)
    {
        (int inTile, _, int group) = Place(row, block * BlockChunks);
        long lane = (inTile % HalfRows * BlockChunks) + (block % GroupBlocks);
        return ((((row / TileRows * Groups) + group) * Lanes) + lane, inTile >= HalfRows);
    }

    private static (int InTile, int Block, int Group) Place(long row, int chunk)
    {
        int block = chunk / BlockChunks;
        return ((int)(row % TileRows), block, block / GroupBlocks);
    }

    private static long DivideUp(long value, long divisor) => (value + divisor - 1) / divisor;
}
