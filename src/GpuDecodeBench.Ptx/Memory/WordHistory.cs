using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Memory;

/// <summary>
/// Last write and last reads (by two different warps) of a 4-byte word. Where parts of one word belong to different
/// warps only the latest part is remembered: a race may then be missed, never made up.
/// </summary>
internal struct WordHistory
{
    private AccessRecord _write;
    private AccessRecord _read;
    private AccessRecord _otherRead;

    /// <summary>Notes an access; false with the earlier access where the two race.</summary>
    public bool TryNote(Warp warp, int agent, int lane, uint byteMask, AccessKind kind, out AccessRecord other)
    {
        other = _write;
        if (Races(_write, warp, agent, lane, byteMask, kind))
        {
            return false;
        }
        var record = new AccessRecord
        {
            Segment = warp.Segment(agent),
            Warp = (byte)agent,
            Lane = (byte)lane,
            Bytes = (byte)byteMask,
            Atomic = kind == AccessKind.Atomic,
        };
        if (kind == AccessKind.Read)
        {
            NoteRead(record);
            return true;
        }
        other = _read;
        if (Races(_read, warp, agent, lane, byteMask, kind))
        {
            return false;
        }
        other = _otherRead;
        if (Races(_otherRead, warp, agent, lane, byteMask, kind))
        {
            return false;
        }
        // One writer, other bytes of the same word: both parts stay known.
        if (_write.Segment == record.Segment && _write.Warp == record.Warp && _write.Lane == record.Lane)
        {
            record.Bytes |= _write.Bytes;
        }
        _write = record;
        return true;
    }

    private void NoteRead(AccessRecord record)
    {
        if (_read.Warp != record.Warp)
        {
            _otherRead = _read;
        }
        else if (_read.Segment == record.Segment && _read.Lane != record.Lane)
        {
            // A second lane of the warp: a write by either is unordered with the other's read.
            _otherRead = _otherRead.Segment == record.Segment || _otherRead.Segment == 0 ? _read : _otherRead;
        }
        else if (_read.Segment == record.Segment)
        {
            record.Bytes |= _read.Bytes;
        }
        _read = record;
    }

    private static bool Races(
        in AccessRecord earlier,
        Warp warp,
        int agent,
        int lane,
        uint byteMask,
        AccessKind kind
    ) =>
        (earlier.Bytes & byteMask) != 0
        && !warp.Knows(earlier.Warp, earlier.Segment)
        && (earlier.Warp != agent || earlier.Lane != lane)
        && !(earlier.Atomic && kind == AccessKind.Atomic);
}
