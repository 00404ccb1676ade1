using System.Runtime.CompilerServices;
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNote(Warp warp, AccessRecord record, bool isRead, out AccessRecord other)
    {
        other = _write;
        if (Races(_write, warp, record))
        {
            return false;
        }
        if (isRead)
        {
            NoteRead(record);
            return true;
        }
        other = _read;
        if (Races(_read, warp, record))
        {
            return false;
        }
        other = _otherRead;
        if (Races(_otherRead, warp, record))
        {
            return false;
        }
        // One writer, other bytes of the same word: both parts stay known.
        _write = _write.Segment == record.Segment && _write.IsOfSameThread(record) ? record.With(_write) : record;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteRead(AccessRecord record)
    {
        if (!_read.IsOfSameWarp(record))
        {
            _otherRead = _read;
        }
        else if (_read.Segment == record.Segment)
        {
            if (_read.IsOfSameThread(record))
            {
                record = record.With(_read);
            }
            else if (_otherRead.Segment == record.Segment || _otherRead.Segment == 0)
            {
                // A second lane of the warp: a write by either is unordered with the other's read.
                _otherRead = _read;
            }
        }
        _read = record;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Races(AccessRecord earlier, Warp warp, AccessRecord now) =>
        (earlier.Bytes & now.Bytes) != 0
        && !warp.Knows(earlier.Warp, earlier.Segment)
        && !earlier.IsOfSameThread(now)
        && !(earlier.Atomic && now.Atomic);
}
