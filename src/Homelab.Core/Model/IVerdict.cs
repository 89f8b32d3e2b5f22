namespace Homelab;

/// <summary>
/// A result that says whether what was looked at is well. A cmdlet that tests and returns such results can be asked for true or false alone
/// (<c>-Quiet</c>). Implemented explicitly, so that it shows on no wire: there the record's own words say it.
/// </summary>
public interface IVerdict
{
    /// <summary>True only when it was positively seen to be well; what nobody can tell is not.</summary>
    bool IsGood { get; }
}
