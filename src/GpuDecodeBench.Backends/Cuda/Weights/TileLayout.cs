using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cuda.Weights;

/// <summary>
/// Where a matrix's bytes lie for the GPU's kernels: tiles of sixteen rows, in them blocks of four 16-byte chunks of each row.
/// <c>kernels/include/weights.h</c> gives the layout; both must say the same. A matrix's codes take a multiple of 16 bytes.
/// </summary>
internal sealed class TileLayout
{
    public const int TileRows = 16;
    public const int HalfRows = 8;
    public const int ChunkBytes = 16;
    public const int BlockChunks = 4;
    public const int GroupBlocks = 4;
    private const int Lanes = 32;
    private const int WordBytes = 4;

    /// <summary>Bytes of scales and zero points of int4 for two rows and a block.</summary>
    private const int Int4BytesPerLaneRow = (2 * 2) + 1;

    public TileLayout(WeightLayout matrix)
    {
        Matrix = matrix;
        ChunkColumns = ChunkBytes * 8 / matrix.BitsPerCode;
        Chunks = checked((int)DivideUp(matrix.Columns, ChunkColumns));
        TailBytes = TailBytesOf((int)(matrix.Columns % ChunkColumns), ChunkColumns / (ChunkBytes / WordBytes));
        WholeChunks = Chunks - (TailBytes > 0 ? 1 : 0);
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

    /// <summary>Chunks of a row but a last one that is a tail.</summary>
    public int WholeChunks { get; }

    /// <summary>Bytes of a last chunk that is at most half full, 4 or 8; 0 where there is none.</summary>
    public int TailBytes { get; }

    /// <summary>Blocks of a tile along the columns; the last may have fewer chunks.</summary>
    public int Blocks { get; }

    /// <summary>Groups of four blocks.</summary>
    public int Groups { get; }

    /// <summary>Tiles; the last may have fewer rows.</summary>
    public long Tiles { get; }

    /// <summary>Bytes of a matrix's codes.</summary>
    public long CodeBytes => Filled(CodesBefore(Matrix.Rows));

    /// <summary>Bytes of a matrix's scales.</summary>
    public long ScaleBytes =>
        HasScaleByChunk ? Filled(ScalesBefore(Matrix.Rows))
        : HasScaleByRow ? ScalesBefore(Matrix.Rows)
        : ScalesBefore(Tiles * TileRows);

    /// <summary>Bytes of a matrix's zero points.</summary>
    public long ZeroPointBytes => Matrix.Format == WeightFormat.Int4 ? Tiles * Groups * Lanes : 0;

    /// <summary>
    /// Bytes of a matrix that a product reads, but the scale of the whole: all codes with what fills the last tile's tails up,
    /// and scales; int4's by lanes, each for a row of a tile's upper half and one of its lower half that need not exist.
    /// </summary>
    public long ReadBytes =>
        CodeBytes
        + (Matrix.Format == WeightFormat.Int4 ? LaneRows * Blocks * Int4BytesPerLaneRow : ScalesBefore(Matrix.Rows));

    /// <summary>Rows of the tiles' upper halves.</summary>
    private long LaneRows => ((Tiles - 1) * HalfRows) + Math.Min(HalfRows, Matrix.Rows - ((Tiles - 1) * TileRows));

    /// <summary>Whether a row has one scale.</summary>
    public bool HasScaleByRow => Matrix.Format is WeightFormat.Fp8 or WeightFormat.Int8;

    /// <summary>Whether each chunk of a row has scales of its own.</summary>
    private bool HasScaleByChunk => Matrix.Format is WeightFormat.MxFp4 or WeightFormat.NvFp4;

    /// <summary>Bytes of a chunk's scales.</summary>
    private int ScaleBytesPerChunk => Matrix.Format == WeightFormat.MxFp4 ? 1 : 2;

    /// <summary>Bytes of codes before a row that begins a tile, or of all rows.</summary>
    public long CodesBefore(long firstRow) => firstRow * (((long)WholeChunks * ChunkBytes) + TailBytes);

    /// <summary>Bytes of scales before a row that begins a tile, or of all rows where they have scales by row or chunk.</summary>
    public long ScalesBefore(long firstRow) =>
        Matrix.Format switch
        {
            WeightFormat.Fp16 or WeightFormat.Bf16 => 0,
            WeightFormat.Fp8 or WeightFormat.Int8 => firstRow * sizeof(float),
            WeightFormat.Int4 => firstRow / TileRows * Groups * Lanes * 4,
            _ => firstRow * Chunks * ScaleBytesPerChunk,
        };

    /// <summary>Bytes of zero points before a row that begins a tile.</summary>
    public long ZeroPointsBefore(long firstRow) =>
        Matrix.Format == WeightFormat.Int4 ? firstRow / TileRows * Groups * Lanes : 0;

    /// <summary>Where a chunk of a row begins among the codes.</summary>
    public long CodeOffset(long row, int chunk)
    {
        long firstRow = row / TileRows * TileRows;
        int inTile = (int)(row % TileRows);
        long tileRows = Math.Min(TileRows, Matrix.Rows - firstRow);
        long before = CodesBefore(firstRow);
        if (chunk == WholeChunks)
        {
            return before + (tileRows * WholeChunks * ChunkBytes) + (inTile * TailBytes);
        }

        int block = chunk / BlockChunks;
        int here = Math.Min(BlockChunks, WholeChunks - (block * BlockChunks));
        return before + (((block * BlockChunks * tileRows) + (inTile * here) + (chunk % BlockChunks)) * ChunkBytes);
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
        int inHalf = inTile % HalfRows;
        if (Matrix.Format == WeightFormat.Int4)
        {
            long lane = (inHalf * BlockChunks) + (block % GroupBlocks);
            return (((((tile * Groups) + group) * Lanes) + lane) * 4) + (2 * half);
        }

        const int groupChunks = GroupBlocks * BlockChunks;
        int tileRows = (int)Math.Min(TileRows, Matrix.Rows - (tile * TileRows));
        int here = Math.Min(groupChunks, Chunks - (group * groupChunks));
        int inGroup = block % GroupBlocks;
        long entry = (tile * TileRows * Chunks) + ((long)tileRows * group * groupChunks);
        if (here == groupChunks && tileRows == TileRows)
        {
            int lane = (inHalf * BlockChunks) + (chunk % BlockChunks);
            entry += (((lane * GroupBlocks) + inGroup) * 2) + half;
        }
        else
        {
            int halfRows = half == 0 ? Math.Min(HalfRows, tileRows) : tileRows - HalfRows;
            int blockChunks = Math.Min(BlockChunks, here - (inGroup * BlockChunks));
            entry += (half * HalfRows * here) + (halfRows * inGroup * BlockChunks);
            entry += (inHalf * blockChunks) + (chunk % BlockChunks);
        }

        return entry * ScaleBytesPerChunk;
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

    /// <summary>Bytes of whole words that hold so many columns, where they are 4 or 8.</summary>
    private static int TailBytesOf(int columns, int wordColumns) =>
        columns == 0 || columns > 2 * wordColumns ? 0 : (int)DivideUp(columns, wordColumns) * WordBytes;

    /// <summary>Filled up to what loads take.</summary>
    private static long Filled(long bytes) => DivideUp(bytes, ChunkBytes) * ChunkBytes;

    private static long DivideUp(long value, long divisor) => (value + divisor - 1) / divisor;
}
