using System.Buffers.Binary;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Environment;

public class ParsingTests
{
    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-3", new[] { 0, 1, 2, 3 })]
    [InlineData("0-1,8,10-11", new[] { 0, 1, 8, 10, 11 })]
    [InlineData("3,1,1-2", new[] { 1, 2, 3 })]
    public void CpuListsAreReadAsTheKernelWritesThem(string text, int[] expected) =>
        Assert.Equal(expected, CpuList.Parse(text)!);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("0-")]
    [InlineData("0-2147483647")]
    public void WhatIsNoCpuListIsUnknown(string? text) => Assert.Null(CpuList.Parse(text));

    [Theory]
    [InlineData("48K", 49152L)]
    [InlineData("32M", 33554432L)]
    [InlineData("1G", 1073741824L)]
    [InlineData("512", 512L)]
    [InlineData("K", null)]
    [InlineData("-1K", null)]
    [InlineData("1.5M", null)]
    [InlineData("9223372036854775807K", null)]
    [InlineData(null, null)]
    public void CacheSizesAreReadWithTheirUnit(string? text, long? bytes) =>
        Assert.Equal(bytes, LinuxCaches.ParseSize(text));

    [Fact]
    public void WindowsCacheRecordsAreCountedByKind()
    {
        byte[] buffer =
        [
            .. WindowsRecord(1, 48 << 10, 2),
            .. WindowsRecord(1, 32 << 10, 1),
            .. WindowsRecord(2, 2 << 20, 0),
            .. WindowsRecord(1, 48 << 10, 2),
            .. WindowsRecord(2, 2 << 20, 0),
            .. WindowsRecord(3, 36 << 20, 0),
        ];
        Assert.Equal(
            [
                new CacheInfo(1, "Data", 48 << 10, 2),
                new CacheInfo(2, "Unified", 2 << 20, 2),
                new CacheInfo(3, "Unified", 36 << 20, 1),
            ],
            WindowsCaches.Parse(buffer)
        );
    }

    [Fact]
    public void TruncatedOrMalformedWindowsRecordsEndTheReading()
    {
        byte[] good = WindowsRecord(2, 4096, 0);
        byte[] zeroSize = WindowsRecord(3, 4096, 0);
        BinaryPrimitives.WriteInt32LittleEndian(zeroSize.AsSpan(4), 0);

        Assert.Empty(WindowsCaches.Parse([]));
        Assert.Empty(WindowsCaches.Parse(good.AsSpan(0, 30)));
        Assert.Single(WindowsCaches.Parse([.. good, .. zeroSize]));
    }

    // Relationship 2 (cache), size 56: level, associativity, line size, cache size, type, reserved, one group of processors.
    private static byte[] WindowsRecord(byte level, int sizeBytes, int type)
    {
        byte[] record = new byte[56];
        BinaryPrimitives.WriteInt32LittleEndian(record, 2);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), record.Length);
        record[8] = level;
        record[9] = 12;
        BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(10), 64);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), sizeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(16), type);
        return record;
    }
}
