using System.Numerics;

namespace GpuDecodeBench.Ptx.Tests;

/// <summary>Instructions against arithmetic on big integers and doubles.</summary>
public sealed class InstructionSemanticsTests
{
    private const int Seed = 20260101;

    private static readonly ulong[] Special =
    [
        0,
        1,
        2,
        31,
        32,
        33,
        63,
        64,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0x8000,
        0xFFFF,
        0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF_FFFF,
        0x3F80_0000,
        0xBF80_0000,
        0x7F80_0000,
        0x7FC0_0000,
        0x1_0000_0000,
        0x7FFF_FFFF_FFFF_FFFF,
        0x8000_0000_0000_0000,
        ulong.MaxValue,
    ];

    public static TheoryData<string, int, bool> IntegerForms()
    {
        var data = new TheoryData<string, int, bool>();
        foreach (
            var operation in new[]
            {
                "add",
                "sub",
                "mul.lo",
                "mul.hi",
                "mul.wide",
                "div",
                "rem",
                "min",
                "max",
                "mad.lo",
            }
        )
        {
            foreach (var bits in new[] { 16, 32, 64 })
            {
                if (operation != "mul.wide" || bits < 64)
                {
                    data.Add(operation, bits, true);
                    data.Add(operation, bits, false);
                }
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(IntegerForms))]
    public void Integers_compute_modulo_their_width(string operation, int bits, bool signed)
    {
        var inputs = Inputs();
        // Division by zero and the one overflowing quotient are not defined by the ISA.
        if (operation is "div" or "rem")
        {
            inputs =
            [
                .. inputs.Where(i => Value(i.B, bits, signed) is { IsZero: false } b && b != BigInteger.MinusOne),
            ];
        }
        var register = bits switch
        {
            16 => "h",
            32 => "r",
            _ => "d",
        };
        var wide = operation == "mul.wide" ? (bits == 16 ? "r" : "d") : register;
        var third = operation == "mad.lo" ? $", %{register}3" : "";
        var statement = $"{operation}.{(signed ? 's' : 'u')}{bits} %{wide}0, %{register}1, %{register}2{third};";

        var results = Snippet.Run(statement, inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var (a, b, c) = (
                Value(inputs[i].A, bits, signed),
                Value(inputs[i].B, bits, signed),
                Value(inputs[i].C, bits, signed)
            );
            var exact = operation switch
            {
                "add" => a + b,
                "sub" => a - b,
                "mul.lo" or "mul.wide" => a * b,
                "mul.hi" => (a * b) >> bits,
                "div" => BigInteger.Divide(a, b),
                "rem" => BigInteger.Remainder(a, b),
                "min" => BigInteger.Min(a, b),
                "max" => BigInteger.Max(a, b),
                _ => (a * b) + c,
            };
            var expected = Wrap(exact, operation == "mul.wide" ? 2 * bits : bits);
            Assert.True(
                expected == results[i],
                $"{statement} a={a} b={b} c={c} seed {Seed}: {results[i]:X}, not {expected:X}"
            );
        }
    }

    [Theory]
    [InlineData("shl.b32", 32, false)]
    [InlineData("shl.b64", 64, false)]
    [InlineData("shr.u32", 32, false)]
    [InlineData("shr.s32", 32, true)]
    [InlineData("shr.u64", 64, false)]
    [InlineData("shr.s64", 64, true)]
    [InlineData("shl.b16", 16, false)]
    [InlineData("shr.s16", 16, true)]
    public void Shifts_by_the_width_and_more_shift_everything_out(string operation, int bits, bool signed)
    {
        var inputs = Inputs();
        var register = bits switch
        {
            16 => "h",
            32 => "r",
            _ => "d",
        };

        var results = Snippet.Run($"{operation} %{register}0, %{register}1, %r2;", inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var amount = (int)Math.Min((uint)inputs[i].B, 128);
            var a = Value(inputs[i].A, bits, signed);
            var expected = Wrap(
                operation.StartsWith("shl", StringComparison.Ordinal) ? a << amount : a >> amount,
                bits
            );
            Assert.Equal(expected, results[i]);
        }
    }

    [Theory]
    [InlineData("add.f32 %r0, %r1, %r2;", "add")]
    [InlineData("sub.rn.f32 %r0, %r1, %r2;", "sub")]
    [InlineData("mul.f32 %r0, %r1, %r2;", "mul")]
    [InlineData("div.rn.f32 %r0, %r1, %r2;", "div")]
    public void Single_precision_rounds_the_exact_result_once(string statement, string operation)
    {
        var inputs = Inputs();

        var results = Snippet.Run(statement, inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var (a, b) = ((double)Single(inputs[i].A), (double)Single(inputs[i].B));
            // A double holds sums, products and quotients of floats well enough that rounding twice is rounding once.
            var expected = (float)(
                operation switch
                {
                    "add" => a + b,
                    "sub" => a - b,
                    "mul" => a * b,
                    _ => a / b,
                }
            );
            var got = (uint)results[i];
            var wanted = float.IsNaN(expected) ? 0x7FFF_FFFF : BitConverter.SingleToUInt32Bits(expected);
            Assert.True(wanted == got, $"{statement} {a} {b} seed {Seed}: {got:X8}, not {wanted:X8}");
        }
    }

    [Theory]
    [InlineData("cvt.s32.s8 %r0, %r1;", 8, true, 32)]
    [InlineData("cvt.u32.u8 %r0, %r1;", 8, false, 32)]
    [InlineData("cvt.s64.s32 %d0, %r1;", 32, true, 64)]
    [InlineData("cvt.u64.u32 %d0, %r1;", 32, false, 64)]
    [InlineData("cvt.s8.s32 %h0, %r1;", 8, true, 16)]
    [InlineData("cvt.u16.u32 %h0, %r1;", 16, false, 16)]
    [InlineData("cvt.s32.s64 %r0, %d1;", 32, true, 32)]
    public void Integer_conversions_cut_and_extend_by_the_sign(string statement, int bits, bool signed, int resultBits)
    {
        var inputs = Inputs();

        var results = Snippet.Run(statement, inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(Wrap(Value(inputs[i].A, bits, signed), resultBits), results[i]);
        }
    }

    [Theory]
    [InlineData("eq", "lt", false)]
    [InlineData("lt", "lt", false)]
    [InlineData("ltu", "lt", true)]
    [InlineData("neu", "ne", true)]
    [InlineData("ne", "ne", false)]
    [InlineData("geu", "ge", true)]
    [InlineData("nan", "nan", true)]
    public void Float_comparisons_treat_nan_as_their_name_says(string comparison, string kind, bool withNan)
    {
        var inputs = Inputs();

        var results = Snippet.Run($"setp.{comparison}.f32 %p1, %r1, %r2; selp.b32 %r0, 1, 0, %p1;", inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var (a, b) = (Single(inputs[i].A), Single(inputs[i].B));
            var ordered = !float.IsNaN(a) && !float.IsNaN(b);
            var expected = ordered
                ? (comparison == "eq" ? "eq" : kind) switch
                {
                    "eq" => a == b,
                    "lt" => a < b,
                    "ne" => a != b,
                    "ge" => a >= b,
                    _ => false,
                }
                : withNan;
            Assert.Equal(expected ? 1u : 0u, results[i]);
        }
    }

    [Fact]
    public void A_comparison_joins_with_a_predicate_and_gives_its_opposite_too()
    {
        var results = Snippet.Run(
            "setp.ne.u32 %p3, %r3, 0; setp.lt.and.s32 %p1|%p2, %r1, %r2, !%p3; selp.b32 %r4, 1, 0, %p1; "
                + "selp.b32 %r5, 2, 0, %p2; or.b32 %r0, %r4, %r5;",
            (1, 2, 0),
            (2, 1, 0),
            (1, 2, 1),
            (2, 1, 1)
        );

        Assert.Equal([1ul, 2, 0, 0], results);
    }

    [Fact]
    public void Moves_pack_and_unpack_little_end_first()
    {
        var results = Snippet.Run(
            "mov.b64 {%r4, %r5}, %d1; mov.b32 {%h4, %h5}, %r4; mov.b32 %r6, {%h5, %h4}; mov.b64 %d0, {%r5, %r6};",
            (0x1122_3344_5566_7788, 0, 0)
        );

        Assert.Equal(0x7788_5566_1122_3344ul, results[0]);
    }

    [Fact]
    public void Bytes_permute_and_tables_of_three_inputs_apply()
    {
        var results = Snippet.Run(
            "prmt.b32 %r4, %r1, %r2, 0x5410; lop3.b32 %r5, %r1, %r2, %r3, 0xCA; xor.b32 %r0, %r4, %r5;",
            (0x1234_5678, 0x9ABC_DEF0, 0x0F0F_0F0F)
        );

        const uint A = 0x1234_5678;
        const uint B = 0x9ABC_DEF0;
        const uint C = 0x0F0F_0F0F;
        Assert.Equal(((B << 16) | (A & 0xFFFF)) ^ ((A & B) | (~A & C)), (uint)results[0]);
    }

    [Fact]
    public void A_guard_leaves_other_lanes_registers_alone()
    {
        var results = Snippet.Run(
            "mov.u32 %r0, 5; setp.eq.u32 %p1, %r1, 1; @%p1 mov.u32 %r0, 6; @!%p1 add.u32 %r0, %r0, 10;",
            (1, 0, 0),
            (2, 0, 0)
        );

        Assert.Equal([6ul, 15], results);
    }

    private static (ulong A, ulong B, ulong C)[] Inputs()
    {
        var random = new Random(Seed);
        var list = new List<(ulong, ulong, ulong)>();
        foreach (var a in Special)
        {
            foreach (var b in Special)
            {
                list.Add((a, b, (ulong)random.NextInt64()));
            }
        }
        for (var i = 0; i < 300; i++)
        {
            list.Add(((ulong)random.NextInt64() * 2, (ulong)random.NextInt64() * 2, (ulong)random.NextInt64()));
        }
        return [.. list];
    }

    private static BigInteger Value(ulong raw, int bits, bool signed)
    {
        var value = new BigInteger(raw) & ((BigInteger.One << bits) - 1);
        return signed && value >> (bits - 1) != 0 ? value - (BigInteger.One << bits) : value;
    }

    private static ulong Wrap(BigInteger value, int bits) => (ulong)(value & ((BigInteger.One << bits) - 1));

    private static float Single(ulong raw) => BitConverter.UInt32BitsToSingle((uint)raw);
}
