namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>
/// Gives registers, constants and special registers their place in a warp's register file. Constants and special
/// registers are written there when a warp starts, so that an operation only ever reads slots.
/// </summary>
internal sealed class RegisterLayout(Func<string, int?> registerWidth)
{
    private readonly Dictionary<string, Slot> _registers = [];
    private readonly Dictionary<(ulong Bits, int Width), Slot> _constants = [];
    private readonly Dictionary<(string Symbol, int Width), Slot> _symbols = [];
    private readonly Dictionary<(string Special, int Width), Slot> _specials = [];

    public int Bytes { get; private set; }

    public IEnumerable<(Slot Slot, ulong Bits)> Constants => _constants.Select(c => (c.Value, c.Key.Bits));

    public IEnumerable<(Slot Slot, string Symbol)> Symbols => _symbols.Select(s => (s.Value, s.Key.Symbol));

    public IEnumerable<(Slot Slot, string Name)> Specials => _specials.Select(s => (s.Value, s.Key.Special));

    public Slot? Register(string name)
    {
        if (_registers.TryGetValue(name, out var slot))
        {
            return slot;
        }
        var width = registerWidth(name);
        if (width is null)
        {
            return null;
        }
        slot = Allocate(width.Value);
        _registers[name] = slot;
        return slot;
    }

    public Slot Constant(ulong bits, int width) =>
        Get(_constants, (width == 8 ? bits : bits & ((1ul << (8 * width)) - 1), width), width);

    public Slot Symbol(string name, int width) => Get(_symbols, (name, width), width);

    public Slot Special(string name, int width) => Get(_specials, (name, width), width);

    /// <summary>A fresh slot no name refers to.</summary>
    public Slot Allocate(int width)
    {
        // Predicates take a whole vector too: slots stay aligned for vector loads.
        var slot = new Slot(Bytes, width);
        Bytes += width == 0 ? 64 : 32 * width;
        return slot;
    }

    private Slot Get<TKey>(Dictionary<TKey, Slot> slots, TKey key, int width)
        where TKey : notnull
    {
        if (!slots.TryGetValue(key, out var slot))
        {
            slot = Allocate(width);
            slots[key] = slot;
        }
        return slot;
    }
}
