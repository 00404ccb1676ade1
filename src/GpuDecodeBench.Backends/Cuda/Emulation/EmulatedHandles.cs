using System.Diagnostics.CodeAnalysis;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>Objects by the handles the driver gave out for them; a handle is never given out twice.</summary>
internal sealed class EmulatedHandles
{
    private readonly Dictionary<nint, object> _objects = [];
    private nint _next = 0x1000;

    /// <summary>How many are alive.</summary>
    public int Count => _objects.Count;

    /// <summary>A new handle.</summary>
    public nint Add(object value)
    {
        _objects.Add(++_next, value);
        return _next;
    }

    /// <summary>What a handle stands for, if it is alive and of that kind.</summary>
    public bool TryGet<T>(nint handle, [NotNullWhen(true)] out T? value)
        where T : class
    {
        value = _objects.GetValueOrDefault(handle) as T;
        return value is not null;
    }

    /// <summary>All objects of a kind that are alive.</summary>
    public IEnumerable<T> Of<T>()
        where T : class => _objects.Values.OfType<T>();

    /// <summary>Ends a handle; false if it was not alive or of another kind.</summary>
    public bool Remove<T>(nint handle)
        where T : class => TryGet<T>(handle, out _) && _objects.Remove(handle);
}
