using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda.Tuning;

/// <summary>What a device has found, or was told, to be fastest; the guess for everything else.</summary>
internal sealed class KernelChoices : IKernelChoices
{
    private readonly Dictionary<(string Kind, string Shape), TuningEntry> _entries = [];
    private readonly Dictionary<(string Kind, string Shape), TuningEntry> _offered = [];
    private readonly List<TuningEntry> _order = [];
    private readonly List<TuningEntry> _ignored = [];

    /// <summary>What is known, in the order in which it came.</summary>
    public IReadOnlyList<TuningEntry> Entries => _order;

    /// <summary>What was offered and names no candidate of its shape.</summary>
    public IReadOnlyList<TuningEntry> Ignored => _ignored;

    /// <summary>Offers what an earlier run found; it is taken when its shape is first asked for.</summary>
    public void Offer(IEnumerable<TuningEntry> entries)
    {
        foreach (TuningEntry entry in entries)
        {
            _offered[(entry.Operation, entry.Shape)] = entry;
        }
    }

    /// <summary>Keeps what was found.</summary>
    public void Add(TuningEntry entry)
    {
        _entries.Add((entry.Operation, entry.Shape), entry);
        _order.Add(entry);
    }

    /// <summary>Whether a shape's choice is known.</summary>
    public bool Knows(string kind, string shape) => _entries.ContainsKey((kind, shape));

    public T Choose<T>(PlanOperation operation, string kind, string shape, IReadOnlyList<T> candidates)
        where T : struct
    {
        if (_offered.Remove((kind, shape), out TuningEntry? offered) && !Knows(kind, shape))
        {
            if (Find(candidates, offered.Choice) >= 0)
            {
                Add(offered with { Reused = true });
            }
            else
            {
                _ignored.Add(offered);
            }
        }

        return _entries.TryGetValue((kind, shape), out TuningEntry? entry)
            ? candidates[Math.Max(0, Find(candidates, entry.Choice))]
            : candidates[0];
    }

    private static int Find<T>(IReadOnlyList<T> candidates, string text)
        where T : struct
    {
        for (int i = 0; i < candidates.Count; i++)
        {
            if (candidates[i].ToString() == text)
            {
                return i;
            }
        }

        return -1;
    }
}
