namespace GpuDecodeBench.Backends.Traffic;

/// <summary>How bytes were loaded: what the loads asked for and what memory had to bring for them.</summary>
/// <param name="LoadedBytes">Bytes that threads asked for, each time again.</param>
/// <param name="In16ByteLoads">Those of them that came in loads of 16 bytes a thread.</param>
/// <param name="SectorBytes">Bytes of the 32-byte sectors that the loads touched, each request by itself.</param>
/// <param name="UsefulBytes">Those of the sectors' bytes that some thread of the request asked for.</param>
public readonly record struct LoadTraffic(long LoadedBytes, long In16ByteLoads, long SectorBytes, long UsefulBytes)
{
    /// <summary>The useful share of the sectors; null where nothing was loaded.</summary>
    public double? UsefulShare => SectorBytes == 0 ? null : (double)UsefulBytes / SectorBytes;

    /// <summary>The share that came in loads of 16 bytes; null where nothing was loaded.</summary>
    public double? ShareIn16ByteLoads => LoadedBytes == 0 ? null : (double)In16ByteLoads / LoadedBytes;

    /// <summary>Both together.</summary>
    public static LoadTraffic operator +(LoadTraffic left, LoadTraffic right) => left.Add(right);

    /// <summary>Both together.</summary>
    /// <param name="other">The other.</param>
    public LoadTraffic Add(LoadTraffic other) =>
        new(
            LoadedBytes + other.LoadedBytes,
            In16ByteLoads + other.In16ByteLoads,
            SectorBytes + other.SectorBytes,
            UsefulBytes + other.UsefulBytes
        );
}
