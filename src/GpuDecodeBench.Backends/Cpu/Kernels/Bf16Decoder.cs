using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>bf16: the upper half of an FP32 value. The low half of a lane is shifted up, the high half is masked.</summary>
internal readonly struct Bf16Decoder : ICodeDecoder
{
    public static int VectorsPerLine => 2;

    public static float InputFactor => 1;

    public static float OutputFactor => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Decode(Vector512<int> line, int index) =>
        index == 0
            ? Vector512.ShiftLeft(line, 16).AsSingle()
            : (line & Vector512.Create(unchecked((int)0xFFFF0000))).AsSingle();
}
