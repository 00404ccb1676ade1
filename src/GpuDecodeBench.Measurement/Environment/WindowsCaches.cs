using System.Buffers.Binary;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>
/// Reads the records that <c>GetLogicalProcessorInformationEx(RelationCache)</c> fills in: one for each instance of a cache
/// (SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX and CACHE_RELATIONSHIP, learn.microsoft.com/windows/win32/api/winnt).
/// </summary>
internal static class WindowsCaches
{
    // Offsets in bytes: Relationship 0, Size 4; then the cache: Level 8, Associativity 9, LineSize 10, CacheSize 12, Type 16.
    private const int SizeOffset = 4;
    private const int LevelOffset = 8;
    private const int CacheSizeOffset = 12;
    private const int TypeOffset = 16;
    private const int SmallestRecord = 20;
    private const int CacheRelation = 2;

    /// <summary>One entry for each level, type and size with the number of instances; what is malformed ends the reading.</summary>
    public static IReadOnlyList<CacheInfo> Parse(ReadOnlySpan<byte> buffer)
    {
        var instances = new List<(int Level, string Type, long SizeBytes)>();
        while (buffer.Length >= SmallestRecord)
        {
            uint recordSize = BinaryPrimitives.ReadUInt32LittleEndian(buffer[SizeOffset..]);
            if (recordSize < SmallestRecord || recordSize > buffer.Length)
            {
                break;
            }

            string? type = BinaryPrimitives.ReadInt32LittleEndian(buffer[TypeOffset..]) switch
            {
                0 => "Unified",
                2 => "Data",
                _ => null,
            };
            uint cacheSize = BinaryPrimitives.ReadUInt32LittleEndian(buffer[CacheSizeOffset..]);
            if (BinaryPrimitives.ReadInt32LittleEndian(buffer) == CacheRelation && type is not null && cacheSize > 0)
            {
                instances.Add((buffer[LevelOffset], type, cacheSize));
            }

            buffer = buffer[(int)recordSize..];
        }

        return
        [
            .. instances
                .GroupBy(instance => instance)
                .OrderBy(group => group.Key)
                .Select(group => new CacheInfo(group.Key.Level, group.Key.Type, group.Key.SizeBytes, group.Count())),
        ];
    }
}
