namespace Homelab.UnitTests.Configuration;

public sealed class EnvironmentTests
{
    [Fact]
    public void A_lab_can_be_made_of_the_environment_alone()
    {
        using var folder = new LabFolder();
        var file = folder
            .Set("UPTIME_KUMA_URL", "http://100.112.252.61:3001").Set("UPTIME_KUMA_API_KEY", "uk1_secret")
            .Set("TELEGRAM_BOT_TOKEN", "1:secret").Set("TELEGRAM_CHAT_ID", "42")
            .Set("CAPABILITY_LEVEL", "3")
            .Set("PROXMOX_HOST", "10.0.0.2").Set("PROXMOX_TOKEN_ID", "root@pam!t").Set("PROXMOX_TOKEN_SECRET", "secret")
            .Reader().FromEnvironment(folder.Root);
        var kuma = (KumaSample)file.Lab.Providers["kuma"];
        var proxmox = (ProxmoxSample)file.Lab.Providers["proxmox"];
        Assert.Equal(("http://100.112.252.61:3001/", "env:UPTIME_KUMA_API_KEY"), (kuma.Url.ToString(), kuma.ApiKey!.ToString()));
        Assert.Equal(("https://10.0.0.2:8006/", "root@pam!t", "env:PROXMOX_TOKEN_SECRET"), (proxmox.Url.ToString(), proxmox.TokenId, proxmox.TokenSecret!.ToString()));
        Assert.Equal(("env:TELEGRAM_BOT_TOKEN", "env:TELEGRAM_CHAT_ID"), (file.Lab.Notify.Telegram!.Token.ToString(), file.Lab.Notify.Telegram.Chat.ToString()));
        Assert.Equal(Level.Configure, file.Lab.Access.Mcp);
        Assert.Equal("environment", file.Source.Of("providers.kuma.url").File);
    }

    [Fact]
    public void An_empty_environment_gives_an_empty_lab()
    {
        using var folder = new LabFolder();
        var file = folder.Set("UPTIME_KUMA_URL", "").Reader().FromEnvironment(folder.Root);
        Assert.Equal("lab", file.Lab.Name);
        Assert.Empty(file.Lab.Providers);
        Assert.Null(file.Lab.Notify.Telegram);
    }

    [Fact]
    public void A_credential_in_the_file_is_not_mixed_with_parts_of_another()
    {
        using var folder = new LabFolder();
        var lab = folder
            .Set("PROXMOX_HOST", "10.0.0.2").Set("PROXMOX_TOKEN_ID", "root@pam!t").Set("PROXMOX_TOKEN_SECRET", "secret")
            .Write("lab.yaml", LabFolder.Head + "providers: { proxmox: { token: \"env:MINE\" } }\n")
            .Read().Lab;
        var proxmox = (ProxmoxSample)lab.Providers["proxmox"];
        Assert.Equal(("https://10.0.0.2:8006/", "env:MINE"), (proxmox.Url.ToString(), proxmox.Token!.ToString()));
        Assert.Null(proxmox.TokenId);
        Assert.Null(proxmox.TokenSecret);
    }

    [Fact]
    public void What_the_file_says_is_never_replaced()
    {
        using var folder = new LabFolder();
        var lab = folder
            .Set("UPTIME_KUMA_URL", "http://other:1").Set("UPTIME_KUMA_API_KEY", "x").Set("CAPABILITY_LEVEL", "4")
            .Write("lab.yaml", LabFolder.Head + "providers: { kuma: { url: \"http://mine:3001\" } }\naccess: { mcp: none }\n")
            .Read().Lab;
        var kuma = (KumaSample)lab.Providers["kuma"];
        Assert.Equal(("http://mine:3001/", "env:UPTIME_KUMA_API_KEY"), (kuma.Url.ToString(), kuma.ApiKey!.ToString()));
        Assert.Equal(Level.None, lab.Access.Mcp);
    }

    [Fact]
    public void A_service_manager_says_where_the_state_lies_when_the_file_does_not()
    {
        using var folder = new LabFolder();
        folder.Set("HOMELAB_STATE", "/var/lib/homelab/homelab.db");
        Assert.Equal("/var/lib/homelab/homelab.db", folder.Write("lab.yaml", LabFolder.Head + "server: { listen: \"127.0.0.1:0\" }\n").Read().Lab.Server.State);
        Assert.Equal("mine.db", folder.Write("lab.yaml", LabFolder.Head + "server: { state: mine.db }\n").Read().Lab.Server.State);
    }

    [Fact]
    public void A_provider_that_is_not_known_is_not_filled_in()
    {
        var reader = new Homelab.Configuration.LabReader(new Dictionary<string, Type>(StringComparer.Ordinal), static name => name == "UPTIME_KUMA_URL" ? "http://k:1" : null);
        Assert.Empty(reader.FromEnvironment(Path.GetTempPath()).Lab.Providers);
    }

    [Fact]
    public void A_token_without_a_chat_makes_no_channel()
    {
        using var folder = new LabFolder();
        Assert.Null(folder.Set("TELEGRAM_BOT_TOKEN", "1:x").Reader().FromEnvironment(folder.Root).Lab.Notify.Telegram);
    }

    [Theory]
    [InlineData("CAPABILITY_LEVEL", "5", "is '5', not a level")]
    [InlineData("CAPABILITY_LEVEL", "admin", "is 'admin', not a level")]
    [InlineData("UPTIME_KUMA_URL", "kuma", "is not an http or https address")]
    [InlineData("UPTIME_KUMA_URL", "http://me:hunter2@kuma", "is not an http or https address")]
    [InlineData("PROXMOX_HOST", "a b", "is not an http or https address")]
    public void A_variable_that_cannot_be_used_is_told_by_its_name(string variable, string value, string reason)
    {
        using var folder = new LabFolder();
        var error = Assert.Throws<ConfigurationException>(() => folder.Set(variable, value).Reader().FromEnvironment(folder.Root));
        var problem = Assert.Single(error.Problems);
        Assert.Equal(("environment", variable, reason), (problem.Position.File, problem.Path, problem.Reason));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }
}
