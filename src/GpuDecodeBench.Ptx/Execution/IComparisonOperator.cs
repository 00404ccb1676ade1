using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Compares lanes side by side: all bits set where it holds.</summary>
internal interface IComparisonOperator<T>
    where T : unmanaged
{
    static abstract Vector512<T> Apply(Vector512<T> a, Vector512<T> b);
}
