namespace GpuDecodeBench.Economics.Claims;

/// <summary>What the audit finds of a published figure. No verdict is written down anywhere: each follows from the claim's data.</summary>
public enum ClaimVerdict
{
    /// <summary>The document's own inputs give the figure, they are right where a source is known, and no other claim contradicts it.</summary>
    Reproduced,

    /// <summary>The document's own inputs do not give the figure, nor would another unit.</summary>
    ArithmeticError,

    /// <summary>The document's own inputs give the figure but for a factor by which units differ.</summary>
    UnitError,

    /// <summary>The document's own inputs give the figure, but some are not what their sources say, and with right ones it falls.</summary>
    WrongInput,

    /// <summary>The figure contradicts another claim.</summary>
    Inconsistent,

    /// <summary>No formula or no inputs are known from which the figure would follow.</summary>
    NotCheckable,
}
