using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests;

/// <summary>Instructions whose lanes are computed side by side: each lane on its own inputs, none that is left out changed.</summary>
public sealed class LanesTogetherTests
{
    private const int Seed = 20261129;
    private const ulong Untouched = 0x0123_4567_89AB_CDEF;

    [Theory]
    [InlineData("add.s32 %r0, %r1, %r2;")]
    [InlineData("sub.s64 %d0, %d1, %d2;")]
    [InlineData("mul.lo.s32 %r0, %r1, %r2;")]
    [InlineData("mul.lo.s64 %d0, %d1, %d2;")]
    [InlineData("mad.lo.s32 %r0, %r1, %r2, %r3;")]
    [InlineData("mul.wide.u32 %d0, %r1, %r2;")]
    [InlineData("mul.wide.s32 %d0, %r1, %r2;")]
    [InlineData("mad.wide.s32 %d0, %r1, %r2, %d3;")]
    [InlineData("min.s32 %r0, %r1, %r2;")]
    [InlineData("max.u64 %d0, %d1, %d2;")]
    [InlineData("and.b64 %d0, %d1, %d2;")]
    [InlineData("xor.b16 %h0, %h1, %h2;")]
    [InlineData("shl.b32 %r0, %r1, %r2;")]
    [InlineData("shr.u32 %r0, %r1, %r2;")]
    [InlineData("shr.s32 %r0, %r1, %r2;")]
    [InlineData("bfe.u32 %r0, %r1, %r2, %r3;")]
    [InlineData("add.f32 %r0, %r1, %r2;")]
    [InlineData("fma.rn.f32 %r0, %r1, %r2, %r3;")]
    [InlineData("fma.rn.bf16x2 %r0, %r1, %r2, %r3;")]
    [InlineData("lop3.b32 %r0, %r1, %r2, %r3, 0x96;")]
    [InlineData("prmt.b32 %r0, %r1, %r2, %r3;")]
    [InlineData("selp.b32 %r0, %r1, %r2, %p2;")]
    [InlineData("selp.b64 %d0, %d1, %d2, %p2;")]
    public void AGuardChangesNothingButWhichLanesAreWritten(string statement)
    {
        var inputs = Inputs(64);
        var (start, untouched) = Destination(statement);
        start += """
            and.b32 %r4, %r31, 5;
            setp.eq.u32 %p1, %r4, 1;
            setp.lt.u32 %p2, %r1, %r3;

            """;

        var always = Snippet.Run(start + statement, inputs);
        var guarded = Snippet.Run(start + "@%p1 " + statement, inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            Assert.Equal((i & 5) == 1 ? always[i] : untouched, guarded[i]);
        }
    }

    [Fact]
    public void FieldsOfBitsAreThoseOfTheDefinition()
    {
        var inputs = Inputs(512);

        var results = Snippet.Run("bfe.u32 %r0, %r1, %r2, %r3;", inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var (a, position, length) = ((uint)inputs[i].A, inputs[i].B & 0xFF, inputs[i].C & 0xFF);
            var ones = length >= 32 ? uint.MaxValue : (1u << (int)length) - 1;
            Assert.Equal(position >= 32 ? 0 : (a >> (int)position) & ones, (uint)results[i]);
        }
    }

    [Fact]
    public void EveryNaNThatComesOutIsTheDevicesOne()
    {
        const ulong SignallingNaN = 0x7F80_0001;
        const ulong Infinity = 0x7F80_0000;
        const ulong MinusInfinity = 0xFF80_0000;

        var results = Snippet.Run(
            "fma.rn.f32 %r0, %r1, %r2, %r3;",
            (SignallingNaN, 0, 0),
            (Infinity, 0, 0),
            (Infinity, Infinity, MinusInfinity),
            (0x3F80_0000, 0x4000_0000, 0x4040_0000)
        );

        // 1 × 2 + 3 = 5
        Assert.Equal([FloatBits.NanF32, FloatBits.NanF32, FloatBits.NanF32, 0x40A0_0000ul], results);
    }

    [Theory]
    [InlineData(0x80)]
    [InlineData(0x96)]
    [InlineData(0xEA)]
    [InlineData(0xF8)]
    [InlineData(0xFE)]
    [InlineData(0x1D)]
    public void LogicOfThreeInputsFollowsItsTable(int table)
    {
        var inputs = Inputs(64);

        var results = Snippet.Run($"lop3.b32 %r0, %r1, %r2, %r3, {table};", inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var (a, b, c) = inputs[i];
            Assert.Equal(IntegerBits.Lop3((uint)a, (uint)b, (uint)c, (uint)table), (uint)results[i]);
        }
    }

    [Fact]
    public void BytesArePermutedAsOfEachLaneAlone()
    {
        var inputs = Inputs(512);

        var results = Snippet.Run("prmt.b32 %r0, %r1, %r2, %r3;", inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var (a, b, c) = inputs[i];
            Assert.Equal(IntegerBits.Prmt((uint)a, (uint)b, (uint)c, PrmtMode.Generic), (uint)results[i]);
        }
    }

    /// <summary>Ties, sums that cancel, subnormal numbers, products below and above all numbers, infinities and NaN among them.</summary>
    [Fact]
    public void PairsOfBrainFloatsAreFusedAsOfEachNumberAlone()
    {
        uint[] special =
        [
            0,
            0x8000,
            1,
            0x8001,
            0x7F,
            0x80,
            0x7F7F,
            0xFF7F,
            0x7F80,
            0xFF80,
            0x7FC1,
            0x3F80,
            0xBF81,
            0x3B80,
        ];
        var random = new Random(Seed);
        uint Next() =>
            random.Next(4) switch
            {
                0 => special[random.Next(special.Length)],
                1 => (uint)random.Next(0x10000),
                // Near one, where sums round, tie and cancel most.
                _ => (uint)(0x3E00 + random.Next(0x200)) | ((uint)random.Next(2) << 15),
            };
        (ulong A, ulong B, ulong C)[] inputs =
        [
            .. Enumerable
                .Range(0, 16_384)
                .Select(_ =>
                    (
                        (ulong)(Next() | (Next() << 16)),
                        (ulong)(Next() | (Next() << 16)),
                        (ulong)(Next() | (Next() << 16))
                    )
                ),
        ];

        var results = Snippet.Run("fma.rn.bf16x2 %r0, %r1, %r2, %r3;", inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var (a, b, c) = ((uint)inputs[i].A, (uint)inputs[i].B, (uint)inputs[i].C);
            var expected = Bf16Bits.FmaX2(a, b, c, relu: false);
            Assert.True(
                expected == (uint)results[i],
                $"0x{a:X8} × 0x{b:X8} + 0x{c:X8}: 0x{results[i]:X8}, not 0x{expected:X8}"
            );
        }
    }

    /// <summary>The pseudo code of the PTX ISA, "shfl.sync", with amounts, clamps and sub-warps of each lane's own.</summary>
    [Theory]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("bfly")]
    [InlineData("idx")]
    public void LanesReadTheLaneThatTheDefinitionNames(string mode)
    {
        var random = new Random(Seed);
        int[] subWarps = [0, 16, 24, 28, 30, 31];
        (ulong A, ulong B, ulong C)[] inputs =
        [
            .. Enumerable
                .Range(0, 512)
                .Select(_ =>
                    (
                        (ulong)random.Next(),
                        (ulong)random.Next(40),
                        (ulong)(random.Next(32) | (subWarps[random.Next(subWarps.Length)] << 8))
                    )
                ),
        ];

        var results = Snippet.Run(
            $"""
            shfl.sync.{mode}.b32 %r0|%p1, %r1, %r2, %r3, -1;
            cvt.u64.u32 %d0, %r0;
            @%p1 or.b64 %d0, %d0, 0x100000000;
            """,
            inputs
        );

        for (var i = 0; i < inputs.Length; i++)
        {
            var (lane, b, clamp, mask) = (i & 31, (int)inputs[i].B & 31, (int)inputs[i].C & 31, (int)inputs[i].C >> 8);
            var most = (lane & mask) | (clamp & ~mask);
            var (source, inRange) = mode switch
            {
                "up" => (lane - b, lane - b >= most),
                "down" => (lane + b, lane + b <= most),
                "bfly" => (lane ^ b, (lane ^ b) <= most),
                _ => ((lane & mask) | (b & ~mask), ((lane & mask) | (b & ~mask)) <= most),
            };
            source = inRange ? source : lane;
            Assert.Equal(inputs[(i & ~31) + source].A | (inRange ? 1ul << 32 : 0), results[i]);
        }
    }

    /// <summary>What puts a known value into the statement's destination, and that value.</summary>
    private static (string Start, ulong Value) Destination(string statement) =>
        statement.Contains("%d0", StringComparison.Ordinal) ? ($"mov.b64 %d0, 0x{Untouched:X};\n", Untouched)
        : statement.Contains("%r0", StringComparison.Ordinal)
            ? ($"mov.b32 %r0, 0x{Untouched & uint.MaxValue:X};\n", Untouched & uint.MaxValue)
        : ($"mov.b16 %h0, 0x{Untouched & ushort.MaxValue:X};\n", Untouched & ushort.MaxValue);

    /// <summary>Random numbers, small shifts and field lengths among them.</summary>
    private static (ulong A, ulong B, ulong C)[] Inputs(int count)
    {
        var random = new Random(Seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    i % 2 == 0
                        ? ((ulong)random.NextInt64(), (ulong)random.Next(0, 70), (ulong)random.Next(0, 300))
                        : ((ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64())
                ),
        ];
    }
}
