using System.Buffers.Binary;

namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>
/// Pages of memory taken out of use after errors. Both libraries tell them the same way: first how many there are, then a record of
/// 24 bytes for each (address, size, state).
/// </summary>
internal sealed unsafe record AmdRetiredPages(AmdStatus Status, long Retired = 0, long Pending = 0, long Failed = 0)
{
    private const int StatePending = 1;
    private const int StateFailed = 2;

    // More than a card has before it is exchanged; what lies beyond is garbage.
    private const uint MostPages = 1 << 20;

    /// <summary>Asks for the pages.</summary>
    /// <param name="ask">Calls the library with the addresses of the count and of the records (0: only the count).</param>
    public static AmdRetiredPages Read(Func<nint, nint, AmdStatus> ask)
    {
        uint count = 0;
        AmdStatus status = ask((nint)(&count), 0);
        if (status != AmdStatus.Success || count == 0)
        {
            return new AmdRetiredPages(status);
        }

        if (count > MostPages)
        {
            return new AmdRetiredPages(AmdStatus.UnexpectedData);
        }

        byte[] records = new byte[count * AmdSmiLayout.PageBytes];
        fixed (byte* bytes = records)
        {
            status = ask((nint)(&count), (nint)bytes);
        }

        if (status != AmdStatus.Success)
        {
            return new AmdRetiredPages(status);
        }

        (long pending, long failed) = (0, 0);
        long found = Math.Min(count, records.Length / AmdSmiLayout.PageBytes);
        for (int i = 0; i < found; i++)
        {
            int state = BinaryPrimitives.ReadInt32LittleEndian(
                records.AsSpan((i * AmdSmiLayout.PageBytes) + AmdSmiLayout.PageStatus)
            );
            pending += state == StatePending ? 1 : 0;
            failed += state == StateFailed ? 1 : 0;
        }

        return new AmdRetiredPages(AmdStatus.Success, found, pending, failed);
    }
}
