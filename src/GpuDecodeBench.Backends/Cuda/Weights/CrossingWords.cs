using System.Numerics;

namespace GpuDecodeBench.Backends.Cuda.Weights;

/// <summary>
/// Words of E4M3 and E2M1 codes as <c>kernels/include/weights.h</c> takes them apart: masks leave bfloat16's fields of two columns, one
/// in each half, of the word itself, of its rotations, and last of its crossing, <c>(word &lt;&lt; 4) ^ (word &gt;&gt; 4)</c>.
/// </summary>
internal static class CrossingWords
{
    private const uint E4M3Fields = 0x87f0_87f0;
    private const uint E2M1Fields = 0x81c0_81c0;

    /// <summary>Four codes, the first in the low byte: columns 0 and 1 as they lie, 2 and 3 in the crossing.</summary>
    public static uint OfE4M3(uint codes) =>
        WithCrossing(E4M3Pair(codes), E4M3Pair(codes >> 16), E4M3Fields, 0x0700_0700, 0x0070_0070);

    /// <summary>
    /// Eight codes, the first in the low four bits: columns 0 and 1 as they lie, 2 and 3 a rotation by 6 to the right away, 4 and 5 six
    /// bits below, 6 and 7 in the crossing.
    /// </summary>
    public static uint OfE2M1(uint codes)
    {
        uint given = E2M1Pair(codes) | BitOperations.RotateLeft(E2M1Pair(codes >> 8), 6) | (E2M1Pair(codes >> 16) >> 6);
        return WithCrossing(given, E2M1Pair(codes >> 24), E2M1Fields, 0x0040_0040, 0x0100_0100);
    }

    private static uint E4M3Pair(uint codes) => E4M3Field(codes) | (E4M3Field(codes >> 8) << 16);

    private static uint E4M3Field(uint code) => ((code & 0x80) << 8) | ((code & 0x7f) << 4);

    private static uint E2M1Pair(uint codes) => E2M1Field(codes) | (E2M1Field(codes >> 4) << 16);

    private static uint E2M1Field(uint code) => ((code & 8) << 12) | ((code & 7) << 6);

    /// <summary>
    /// The word with the bits given whose crossing has these fields. A bit of the crossing is one of the word four below and one four
    /// above: where one is given the other follows, and of the four at 31, 23, 15 and 7 each from the one before.
    /// </summary>
    private static uint WithCrossing(uint given, uint fields, uint mask, uint above, uint below)
    {
        uint missing = fields ^ (((given << 4) ^ (given >> 4)) & mask);
        uint chain = missing & 0x8080_8080;
        chain ^= chain >> 8;
        chain ^= chain >> 16;
        return given | (chain >> 4) | ((missing & above) << 4) | ((missing & below) >> 4);
    }
}
