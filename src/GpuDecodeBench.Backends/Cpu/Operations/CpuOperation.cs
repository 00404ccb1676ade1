using System.Runtime.InteropServices;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>
/// One operation as the team executes it: items that threads take in turns, so that a thread that was held up leaves more to
/// the others. An operation of the plan may be several of these, one after the other.
/// </summary>
internal abstract class CpuOperation(PlanOperation plan, long items, long itemsPerTurn)
{
    private Counter _next;

    /// <summary>The operation of the plan that this is, or is part of.</summary>
    public PlanOperation Plan { get; } = plan;

    /// <summary>Makes all items available again; called before each step, by one thread.</summary>
    public void Reset() => _next.Value = 0;

    /// <summary>Executes items until none is left.</summary>
    public void Run(int worker)
    {
        while (true)
        {
            long first = Interlocked.Add(ref _next.Value, itemsPerTurn) - itemsPerTurn;
            if (first >= items)
            {
                return;
            }

            Execute(worker, first, Math.Min(first + itemsPerTurn, items));
        }
    }

    /// <summary>Executes items <paramref name="first"/> to <paramref name="end"/> − 1.</summary>
    protected abstract void Execute(int worker, long first, long end);

    /// <summary>A counter alone on its cache lines: threads that take items must not slow the fields beside it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Counter
    {
        [FieldOffset(64)]
        public long Value;
    }
}
