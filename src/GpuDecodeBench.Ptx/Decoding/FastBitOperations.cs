using System.Runtime.Intrinsics;
using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Operators on bits for <see cref="VectorOperations"/>: the tables of <c>lop3</c> that compilers use most, and <c>prmt</c>.</summary>
internal static class FastBitOperations
{
    public readonly struct AllOfThree : ITernaryOperator<uint>
    {
        public static uint Apply(uint a, uint b, uint c) => a & b & c;

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => a & b & c;
    }

    public readonly struct OddOfThree : ITernaryOperator<uint>
    {
        public static uint Apply(uint a, uint b, uint c) => a ^ b ^ c;

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => a ^ b ^ c;
    }

    public readonly struct BothOrThird : ITernaryOperator<uint>
    {
        public static uint Apply(uint a, uint b, uint c) => (a & b) | c;

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => (a & b) | c;
    }

    public readonly struct FirstOrBoth : ITernaryOperator<uint>
    {
        public static uint Apply(uint a, uint b, uint c) => a | (b & c);

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => a | (b & c);
    }

    public readonly struct AnyOfThree : ITernaryOperator<uint>
    {
        public static uint Apply(uint a, uint b, uint c) => a | b | c;

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => a | b | c;
    }

    /// <summary>
    /// <c>prmt</c> without a mode: each byte of the result is the one of eight that four bits of the selector name, or, where the
    /// highest of the four is set, that byte's sign eight times.
    /// </summary>
    public readonly struct Permute : ITernaryOperator<uint>
    {
        public static uint Apply(uint a, uint b, uint c) => IntegerBits.Prmt(a, b, c, PrmtMode.Generic);

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c)
        {
            var result = Vector512<uint>.Zero;
            for (var place = 0; place < 4; place++)
            {
                var selector = c >>> (4 * place);
                var fromSecond = Vector512.Equals(selector & Vector512.Create(4u), Vector512.Create(4u));
                var source = Vector512.ConditionalSelect(fromSecond, b, a);
                var selected = LaneVectors.ShiftRight(source, (selector & Vector512.Create(3u)) << 3);
                var sign = Vector512.Equals(selected & Vector512.Create(0x80u), Vector512.Create(0x80u));
                var isSign = Vector512.Equals(selector & Vector512.Create(8u), Vector512.Create(8u));
                selected = Vector512.ConditionalSelect(isSign, sign, selected) & Vector512.Create(0xFFu);
                result |= selected << (8 * place);
            }
            return result;
        }
    }
}
