using System.Runtime.Intrinsics;
using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Operators on pairs of narrow numbers for <see cref="VectorOperations"/>.</summary>
internal static class FastPairs
{
    /// <summary><c>fma.rn.bf16x2</c>.</summary>
    /// <remarks>
    /// In binary32, whose exponents are those of bfloat16: the product of two numbers of 8 bits is exact there, and the sum is rounded
    /// to odd (see <see cref="OddDouble"/>) at 24 bits, so that the rounding to 8 bits gives what one rounding gives. Lanes whose product
    /// is below the normal numbers, and those whose product or sum is beyond all numbers or no number, take the way of a single lane.
    /// </remarks>
    public readonly struct FusedBrain : ITernaryOperator<uint>
    {
        public static uint Apply(uint a, uint b, uint c) => Bf16Bits.FmaX2(a, b, c, relu: false);

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c)
        {
            var upper = Vector512.Create(0xFFFF_0000u);
            var low = Fused(a << 16, b << 16, c << 16, out var lowFails);
            var high = Fused(a & upper, b & upper, c & upper, out var highFails);
            var result = (low >>> 16) | (high & upper);
            for (var fails = (lowFails | highFails).ExtractMostSignificantBits(); fails != 0; fails &= fails - 1)
            {
                var lane = System.Numerics.BitOperations.TrailingZeroCount(fails);
                result = result.WithElement(lane, Apply(a[lane], b[lane], c[lane]));
            }
            return result;
        }

        /// <summary>Results in the upper halves; what is below is to be cut off.</summary>
        private static Vector512<uint> Fused(
            Vector512<uint> a,
            Vector512<uint> b,
            Vector512<uint> c,
            out Vector512<uint> fails
        )
        {
            var magnitude = Vector512.Create(0x7FFF_FFFFu);
            var product = a.AsSingle() * b.AsSingle();
            var sum = product + c.AsSingle();

            // The error of a sum is a number (D. E. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B).
            var share = sum - product;
            var error = (product - (sum - share)) + (c.AsSingle() - share);

            // A sum that is not exact and even moves by one towards the error: outward where both have one sign.
            var bits = sum.AsUInt32();
            var inexact = ~Vector512.Equals(error, Vector512<float>.Zero).AsUInt32();
            var odd = Vector512.Equals(bits & Vector512<uint>.One, Vector512<uint>.One);
            var inward = Vector512.LessThan((bits ^ error.AsUInt32()).AsInt32(), Vector512<int>.Zero).AsUInt32();
            bits += inexact & ~odd & (Vector512<uint>.One | inward);

            var size = product.AsUInt32() & magnitude;
            var isZero =
                Vector512.Equals((a & magnitude), Vector512<uint>.Zero)
                | Vector512.Equals((b & magnitude), Vector512<uint>.Zero);
            fails =
                (Vector512.LessThan(size, Vector512.Create(0x0080_0000u)) & ~isZero)
                | Vector512.GreaterThanOrEqual(sum.AsUInt32() & magnitude, Vector512.Create(0x7F80_0000u));
            return bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One);
        }
    }
}
