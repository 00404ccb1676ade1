namespace GpuDecodeBench.Ptx.Memory;

/// <summary>Who touched a word and when.</summary>
internal struct AccessRecord
{
    /// <summary>The warp's segment at the time; 0 where nobody did.</summary>
    public uint Segment;

    public byte Warp;

    public byte Lane;

    /// <summary>Bytes of the word that were touched.</summary>
    public byte Bytes;

    public bool Atomic;
}
