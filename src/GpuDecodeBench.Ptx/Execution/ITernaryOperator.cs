using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>What three lanes make, alone and side by side.</summary>
internal interface ITernaryOperator<T>
    where T : unmanaged
{
    static abstract T Apply(T a, T b, T c);

    static abstract Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> c);
}
