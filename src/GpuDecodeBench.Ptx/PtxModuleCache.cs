namespace GpuDecodeBench.Ptx;

/// <summary>
/// Modules that were read before: reading and decoding one takes longer than most launches, and a decoded module is never changed, so
/// that any number of devices can use it at once. The ones not asked for longest go first.
/// </summary>
public sealed class PtxModuleCache
{
    private readonly Lock _lock = new();
    private readonly int _capacity;
    private readonly Dictionary<string, LinkedListNode<PtxModule>> _modules = new(StringComparer.Ordinal);
    private readonly LinkedList<PtxModule> _latestFirst = [];

    /// <summary>An empty cache.</summary>
    /// <param name="capacity">The most modules that are kept; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 1.</exception>
    public PtxModuleCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>The module of a text, with every kernel decoded.</summary>
    /// <param name="ptx">PTX text.</param>
    /// <exception cref="PtxException">The text is not a module this emulator knows, or a kernel holds what is not known.</exception>
    public PtxModule Load(string ptx)
    {
        ArgumentNullException.ThrowIfNull(ptx);
        lock (_lock)
        {
            if (_modules.TryGetValue(ptx, out LinkedListNode<PtxModule>? known))
            {
                _latestFirst.Remove(known);
                _latestFirst.AddFirst(known);
                return known.Value;
            }
        }

        // Outside the lock: two devices may read the same text at once, and then one of the two is kept.
        PtxModule module = PtxModule.Parse(ptx);
        module.CheckAll();
        lock (_lock)
        {
            if (_modules.TryGetValue(ptx, out LinkedListNode<PtxModule>? meanwhile))
            {
                return meanwhile.Value;
            }

            _modules.Add(ptx, _latestFirst.AddFirst(module));
            if (_modules.Count > _capacity)
            {
                _modules.Remove(_latestFirst.Last!.Value.Text);
                _latestFirst.RemoveLast();
            }
        }

        return module;
    }
}
