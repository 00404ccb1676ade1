using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>INT8: the byte is brought to the top of the lane, shifted down with its sign, and converted.</summary>
internal readonly struct Int8Decoder : ICodeDecoder
{
    public static int VectorsPerLine => 4;

    public static float InputFactor => 1;

    public static float OutputFactor => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Decode(Vector512<int> line, int index)
    {
        Vector512<int> high = index == 3 ? line : Vector512.ShiftLeft(line, 24 - (8 * index));
        return Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(high, 24));
    }
}
