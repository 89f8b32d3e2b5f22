using System.Text.Json;

namespace Homelab.UnitTests.Core;

public sealed class SecretTests
{
    private readonly Secret _secret = new("hunter2-token");

    [Fact]
    public void A_secret_is_masked_when_it_is_printed_formatted_or_interpolated()
    {
        Assert.Equal("***", _secret.ToString());
        Assert.Equal("token=***", $"token={_secret}");
        Assert.Equal("***", string.Format(null, "{0}", _secret));
    }

    [Fact]
    public void A_secret_is_masked_when_it_is_serialised_alone_or_within_a_record()
    {
        Assert.Equal("\"***\"", JsonSerializer.Serialize(_secret));
        Assert.DoesNotContain("hunter2", JsonSerializer.Serialize(new { Token = _secret }, HomelabJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_holds_a_secret_does_not_print_it() => Assert.DoesNotContain("hunter2", new Holder(_secret).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_secret_is_never_read_from_data() => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Secret>("\"x\""));

    [Fact]
    public void Only_Reveal_gives_the_value()
    {
        Assert.Equal("hunter2-token", _secret.Reveal());
        var readable = typeof(Secret).GetProperties().Select(p => p.GetValue(_secret)).OfType<string>();
        Assert.DoesNotContain("hunter2-token", readable);
    }

    [Theory]
    [InlineData("the token hunter2/token leaked", "the token *** leaked")]
    [InlineData("https://x/bot" + "hunter2%2Ftoken/send", "https://x/bot***/send")]
    public void The_redactor_masks_what_was_opened_plain_and_percent_encoded(string text, string masked)
    {
        var redactor = new SecretRedactor();
        redactor.Learn(new Secret("hunter2/token"));
        Assert.Equal(masked, redactor.Redact(text));
    }

    [Fact]
    public void The_redactor_masks_the_longer_of_two_secrets_whole()
    {
        var redactor = new SecretRedactor();
        redactor.Learn(new Secret("abcd"));
        redactor.Learn(new Secret("abcdefgh"));
        Assert.Equal("***", redactor.Redact("abcdefgh"));
    }

    [Theory]
    [InlineData("vault:kuma", null, "kuma")]
    [InlineData("vault:Home/kuma", "Home", "kuma")]
    [InlineData("vault:Home/kuma/key", "Home", "kuma/key")]
    public void A_vault_reference_names_an_entry_and_perhaps_the_vault(string reference, string? vault, string name) =>
        Assert.Equal((vault, name), SecretReference.Parse(reference, null).Entry);

    [Theory]
    [InlineData("vault:")]
    [InlineData("vault:/kuma")]
    [InlineData("vault:Home/")]
    [InlineData("vault:/")]
    public void A_vault_reference_without_an_entry_or_with_a_nameless_vault_is_none(string reference) => Assert.False(SecretReference.TryParse(reference, null, out _));

    [Fact]
    public void A_pasted_secret_is_not_repeated_by_the_message_that_refuses_it()
    {
        var error = Assert.Throws<FormatException>(() => SecretReference.Parse("123456:ABC-DEF", null));
        Assert.DoesNotContain("ABC-DEF", error.Message, StringComparison.Ordinal);
        Assert.Contains("env:NAME", error.Message, StringComparison.Ordinal);
    }

    private sealed record Holder(Secret Token);
}
