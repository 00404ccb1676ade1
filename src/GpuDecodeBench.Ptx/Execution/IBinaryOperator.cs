using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>What two lanes make, alone and side by side.</summary>
internal interface IBinaryOperator<T>
    where T : unmanaged
{
    static abstract T Apply(T a, T b);

    static abstract Vector512<T> Apply(Vector512<T> a, Vector512<T> b);
}
