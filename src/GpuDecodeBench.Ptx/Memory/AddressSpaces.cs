namespace GpuDecodeBench.Ptx.Memory;

/// <summary>Windows through which generic addresses reach the spaces that belong to a CTA or thread.</summary>
internal static class AddressSpaces
{
    public const ulong WindowBytes = 1ul << 32;
    public const ulong SharedWindow = 0x7F00_0000_0000;
    public const ulong LocalWindow = 0x7E00_0000_0000;
    public const ulong ParameterWindow = 0x7D00_0000_0000;

    public static AddressSpace Named(string name) =>
        name switch
        {
            "shared" or "shared::cta" or "shared::cluster" => AddressSpace.Shared,
            "local" => AddressSpace.Local,
            "param" or "param::entry" => AddressSpace.Parameter,
            _ => AddressSpace.Global,
        };

    public static ulong Window(string name) => Window(Named(name));

    public static ulong Window(AddressSpace space) =>
        space switch
        {
            AddressSpace.Shared => SharedWindow,
            AddressSpace.Local => LocalWindow,
            AddressSpace.Parameter => ParameterWindow,
            _ => 0,
        };

    /// <summary>Space a generic address lies in.</summary>
    public static AddressSpace Of(ulong address) =>
        address - SharedWindow < WindowBytes ? AddressSpace.Shared
        : address - LocalWindow < WindowBytes ? AddressSpace.Local
        : address - ParameterWindow < WindowBytes ? AddressSpace.Parameter
        : AddressSpace.Global;
}
