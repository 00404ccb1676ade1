namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>Adds up what the pieces of a memory test found.</summary>
/// <param name="seed">The pattern's seed.</param>
internal sealed class MemoryTestTotals(ulong seed)
{
    private long _wrongWords;
    private ulong _wrongBits;
    private ulong? _firstWord;
    private ulong _firstExpected;
    private ulong _firstRead;
    private ulong _firstInvert;

    /// <summary>Adds what one check found; checks of one pass in the order of memory, passes in order.</summary>
    /// <param name="wrongWords">Words that were wrong.</param>
    /// <param name="bits">Every bit that was.</param>
    /// <param name="firstWord">The first wrong word's number in the whole test.</param>
    /// <param name="firstRead">What stood there.</param>
    /// <param name="invert">What the pass inverts.</param>
    public void Add(ulong wrongWords, ulong bits, ulong firstWord, ulong firstRead, ulong invert)
    {
        if (wrongWords == 0)
        {
            return;
        }

        _wrongWords += (long)wrongWords;
        _wrongBits |= bits;
        if (_firstWord is null || (invert == _firstInvert && firstWord < _firstWord))
        {
            _firstWord = firstWord;
            _firstRead = firstRead;
            _firstInvert = invert;
            _firstExpected = MemoryPattern.Word(seed, firstWord, invert);
        }
    }

    /// <summary>A result with what was found; where the first wrong word belongs is looked for among the words tested.</summary>
    public MemoryTestResult Complete(MemoryTestResult result) =>
        result with
        {
            WrongWords = _wrongWords,
            WrongBits = _wrongBits,
            FirstWrongByte = (long?)_firstWord * MemoryPattern.WordBytes,
            FirstExpected = _firstExpected,
            FirstRead = _firstRead,
            FirstBelongsAtByte = _firstWord is null
                ? null
                : MemoryPattern.IndexOf(seed, _firstRead, _firstInvert, result.AllocatedBytes / MemoryPattern.WordBytes)
                    * MemoryPattern.WordBytes,
        };
}
