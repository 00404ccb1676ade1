namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>How <c>prmt</c> reads its selector (PTX ISA, "prmt").</summary>
public enum PrmtMode
{
    /// <summary>No mode: four selectors of four bits.</summary>
    Generic,

    /// <summary><c>.f4e</c>: four bytes from the selected one upwards.</summary>
    ForwardExtract,

    /// <summary><c>.b4e</c>: four bytes from the selected one downwards, around the end.</summary>
    BackwardExtract,

    /// <summary><c>.rc8</c>: the selected byte four times.</summary>
    ReplicateByte,

    /// <summary><c>.ecl</c>: the lowest word's bytes, none below the selected one.</summary>
    EdgeClampLeft,

    /// <summary><c>.ecr</c>: the lowest word's bytes, none above the selected one.</summary>
    EdgeClampRight,

    /// <summary><c>.rc16</c>: the selected half of the lowest word twice.</summary>
    ReplicateHalf,
}
