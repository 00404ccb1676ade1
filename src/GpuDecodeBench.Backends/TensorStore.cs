using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends;

/// <summary>
/// The tensors that a device holds. Models that need the very same tensor share it: the 16-bit LM head of a model in several weight
/// formats exists once.
/// </summary>
internal abstract class TensorStore
{
    private readonly Dictionary<(ModelShape Model, ulong Seed, WeightTensor Tensor), Entry> _entries = [];

    /// <summary>What is held.</summary>
    protected IEnumerable<IDisposable> Contents => _entries.Values.Select(entry => entry.Content);

    /// <summary>A tensor, made if no model holds it yet. Give it back with <see cref="Release"/>.</summary>
    public IDisposable Take(ModelShape model, ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        (ModelShape, ulong, WeightTensor) key = (model, seed, tensor);
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            entry = new Entry(Load(seed, tensor, cancellation));
            _entries.Add(key, entry);
        }

        entry.Holders++;
        return entry.Content;
    }

    /// <summary>Gives a tensor back; the last holder's return frees it.</summary>
    public void Release(ModelShape model, ulong seed, WeightTensor tensor)
    {
        (ModelShape, ulong, WeightTensor) key = (model, seed, tensor);
        Entry entry = _entries[key];
        if (--entry.Holders == 0)
        {
            entry.Content.Dispose();
            _entries.Remove(key);
        }
    }

    /// <summary>Makes a tensor.</summary>
    protected abstract IDisposable Load(ulong seed, WeightTensor tensor, CancellationToken cancellation);

    private sealed class Entry(IDisposable content)
    {
        public IDisposable Content { get; } = content;

        public int Holders { get; set; }
    }
}
