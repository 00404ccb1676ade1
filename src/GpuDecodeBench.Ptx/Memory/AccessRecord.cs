namespace GpuDecodeBench.Ptx.Memory;

/// <summary>Who touched a word and when, in one number, so that a check takes it from memory and compares it at once.</summary>
internal readonly struct AccessRecord
{
    private const int AgentPlace = 32;
    private const int LanePlace = 40;
    private const int BytesPlace = 48;
    private const ulong AtomicBit = 1ul << 56;

    private readonly ulong _bits;

    public AccessRecord(uint segment, int agent, int lane, uint bytes, bool atomic)
        : this(
            segment
                | ((ulong)agent << AgentPlace)
                | ((ulong)lane << LanePlace)
                | ((ulong)bytes << BytesPlace)
                | (atomic ? AtomicBit : 0)
        ) { }

    private AccessRecord(ulong bits) => _bits = bits;

    /// <summary>The agent's segment at the time; 0 where nobody touched it.</summary>
    public uint Segment => (uint)_bits;

    public int Warp => (byte)(_bits >> AgentPlace);

    public int Lane => (byte)(_bits >> LanePlace);

    /// <summary>Bytes of the word that were touched.</summary>
    public uint Bytes => (byte)(_bits >> BytesPlace);

    public bool Atomic => (_bits & AtomicBit) != 0;

    public bool IsOfSameWarp(AccessRecord other) => (byte)((_bits ^ other._bits) >> AgentPlace) == 0;

    public bool IsOfSameThread(AccessRecord other) => (ushort)((_bits ^ other._bits) >> AgentPlace) == 0;

    /// <summary>The same access by another lane, of an access by lane 0.</summary>
    public AccessRecord OfLane(int lane) => new(_bits | ((ulong)lane << LanePlace));

    /// <summary>The same access, of an earlier one's bytes as well.</summary>
    public AccessRecord With(AccessRecord earlier) => new(_bits | (earlier._bits & (0xFFul << BytesPlace)));
}
