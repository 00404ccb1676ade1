using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>Where the elements of whole matrices lie in a warp's registers: the formulas of the PTX ISA, written out for each shape.</summary>
internal static class Fragments
{
    private static int Bits(ElementKind kind) =>
        kind switch
        {
            ElementKind.TF32 => 32,
            ElementKind.F16 or ElementKind.BF16 => 16,
            _ => 8,
        };

    /// <summary>For each row and column the register and the place in it, as the ISA's formulas for i = 0 … n−1 say.</summary>
    public static uint[] OfA(uint[,] a, ElementKind kind)
    {
        int each = 32 / Bits(kind);
        int count = a.Length / 32;
        uint[] fragments = new uint[32 * count / each];
        for (int lane = 0; lane < 32; lane++)
        {
            (int group, int thread) = (lane >> 2, lane % 4);
            for (int i = 0; i < count; i++)
            {
                // a0..a(e-1) in the upper block of rows, the next e in the lower one; then the right half of the columns.
                int row = i / each % 2 == 0 ? group : group + 8;
                int column = (thread * each) + (i % each) + (i >= 2 * each ? 4 * each : 0);
                fragments[(lane * count / each) + (i / each)] |= a[row, column] << (i % each * Bits(kind));
            }
        }

        return fragments;
    }

    public static uint[] OfB(uint[,] b, ElementKind kind)
    {
        int each = 32 / Bits(kind);
        int count = b.Length / 32;
        uint[] fragments = new uint[32 * count / each];
        for (int lane = 0; lane < 32; lane++)
        {
            (int group, int thread) = (lane >> 2, lane % 4);
            for (int i = 0; i < count; i++)
            {
                int row = (thread * each) + (i % each) + (i >= each ? 4 * each : 0);
                fragments[(lane * count / each) + (i / each)] |= b[row, group] << (i % each * Bits(kind));
            }
        }

        return fragments;
    }

    public static uint[] OfC(uint[,] c)
    {
        uint[] fragments = new uint[128];
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                fragments[PlaceOfC(row, column)] = c[row, column];
            }
        }

        return fragments;
    }

    public static int PlaceOfC(int row, int column)
    {
        int lane = (row % 8 * 4) + (column / 2);
        return (lane * 4) + (row / 8 * 2) + (column % 2);
    }

    public static int PlaceOfHalfC(int row, int column) => (((row % 8 * 4) + (column / 2)) * 2) + (row / 8);
}
