using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>A warp's 32 lanes as vectors: which of them take part, and what the host's vectors lack.</summary>
internal static unsafe class LaneVectors
{
    private static readonly Vector512<uint> s_bitOfLane = Vector512.Create(
        1u,
        1u << 1,
        1u << 2,
        1u << 3,
        1u << 4,
        1u << 5,
        1u << 6,
        1u << 7,
        1u << 8,
        1u << 9,
        1u << 10,
        1u << 11,
        1u << 12,
        1u << 13,
        1u << 14,
        1u << 15
    );

    private static readonly Vector512<ulong> s_bitOfWideLane = Vector512.Create(1ul, 2, 4, 8, 16, 32, 64, 128);

    /// <summary>Whether lanes of this width can be chosen by <see cref="Chosen{T}"/>.</summary>
    public static bool CanChoose<T>()
        where T : unmanaged => sizeof(T) is 4 or 8;

    /// <summary>All bits set in the lanes of a mask, for the vector that begins at a lane. Elements of four or eight bytes.</summary>
    public static Vector512<T> Chosen<T>(uint mask, int firstLane)
        where T : unmanaged
    {
        mask >>= firstLane;
        return sizeof(T) == 4
            ? Vector512.Equals(Vector512.Create(mask) & s_bitOfLane, s_bitOfLane).As<uint, T>()
            : Vector512.Equals(Vector512.Create((ulong)mask) & s_bitOfWideLane, s_bitOfWideLane).As<ulong, T>();
    }

    /// <summary>The lanes of a register that hold a value.</summary>
    public static uint EqualTo(uint* lanes, uint value)
    {
        var wanted = Vector512.Create(value);
        return (uint)Vector512.Equals(Vector512.Load(lanes), wanted).ExtractMostSignificantBits()
            | ((uint)Vector512.Equals(Vector512.Load(lanes + 16), wanted).ExtractMostSignificantBits() << 16);
    }

    /// <summary>Whether each lane's number is the one before it and a step.</summary>
    public static bool Follow(ulong* lanes, int step)
    {
        var expected = Vector512.Create(lanes[0]) + (Vector512<ulong>.Indices * (ulong)step);
        var eight = Vector512.Create(8 * (ulong)step);
        var differences = Vector512<ulong>.Zero;
        for (var lane = 0; lane < 32; lane += Vector512<ulong>.Count)
        {
            differences |= Vector512.Load(lanes + lane) ^ expected;
            expected += eight;
        }
        return differences == Vector512<ulong>.Zero;
    }

    /// <summary>Adds a number to every lane's.</summary>
    public static void Add(ulong* lanes, ulong number, ulong* sums)
    {
        var added = Vector512.Create(number);
        for (var lane = 0; lane < 32; lane += Vector512<ulong>.Count)
        {
            (Vector512.Load(lanes + lane) + added).Store(sums + lane);
        }
    }

    /// <summary>Shifts to the left; amounts of the width and more leave zero.</summary>
    public static Vector512<uint> ShiftLeft(Vector512<uint> a, Vector512<uint> amount)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ShiftLeftLogicalVariable(a, amount);
        }
        if (Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.ShiftLeftLogicalVariable(a.GetLower(), amount.GetLower()),
                Avx2.ShiftLeftLogicalVariable(a.GetUpper(), amount.GetUpper())
            );
        }
        var result = Vector512<uint>.Zero;
        for (var i = 0; i < Vector512<uint>.Count; i++)
        {
            result = result.WithElement(i, amount[i] > 31 ? 0 : a[i] << (int)amount[i]);
        }
        return result;
    }

    /// <summary>Shifts to the right, zeros above; amounts of the width and more leave zero.</summary>
    public static Vector512<uint> ShiftRight(Vector512<uint> a, Vector512<uint> amount)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ShiftRightLogicalVariable(a, amount);
        }
        if (Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.ShiftRightLogicalVariable(a.GetLower(), amount.GetLower()),
                Avx2.ShiftRightLogicalVariable(a.GetUpper(), amount.GetUpper())
            );
        }
        var result = Vector512<uint>.Zero;
        for (var i = 0; i < Vector512<uint>.Count; i++)
        {
            result = result.WithElement(i, amount[i] > 31 ? 0 : a[i] >> (int)amount[i]);
        }
        return result;
    }

    /// <summary>Shifts to the right, the sign above; amounts of the width and more leave the sign alone.</summary>
    public static Vector512<int> ShiftRightSigned(Vector512<int> a, Vector512<uint> amount)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ShiftRightArithmeticVariable(a, amount);
        }
        if (Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.ShiftRightArithmeticVariable(a.GetLower(), amount.GetLower()),
                Avx2.ShiftRightArithmeticVariable(a.GetUpper(), amount.GetUpper())
            );
        }
        var result = Vector512<int>.Zero;
        for (var i = 0; i < Vector512<int>.Count; i++)
        {
            result = result.WithElement(i, a[i] >> (int)Math.Min(amount[i], 31));
        }
        return result;
    }
}
