"""What the command line and the service both need to know: where the records are, and their keys."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from indicators.errors import Fault, fault
from screening.refusals import Refused

DATABASE_FILE = "screening.sqlite3"
KEY_FILE = "master.key"


class StorageSettings(BaseSettings):
    """Where records and keys are; a value that cannot be used raises pydantic's `ValidationError`.

    Secrets show as stars wherever a settings object is written out.
    """

    model_config = SettingsConfigDict(env_prefix="SCREENING_", extra="ignore", frozen=True)

    data: Path = Field(default=Path("data"), description="the folder of the embedded database and its key")
    database_url: SecretStr | None = Field(
        default=None,
        description="another database: `sqlite:////folder/file` or `postgresql://user@host/name`",
    )
    revisions_folder: Path | None = Field(
        default=None, description="the folder in which published revisions of the rules are kept"
    )
    master_key: SecretStr | None = Field(default=None, description="the master key itself, in base64")
    master_key_file: Path | None = Field(default=None, description="the file that holds it, mode 600")
    master_key_command: SecretStr | None = Field(default=None, description="the command that prints it")
    previous_master_key: SecretStr | None = Field(
        default=None, description="the key before, while keys are rotated"
    )
    previous_master_key_file: Path | None = Field(default=None, description="the file that holds it")
    previous_master_key_command: SecretStr | None = Field(
        default=None, description="the command that prints it"
    )

    @property
    def gives_key(self) -> bool:
        """Whether a setting says where the master key is."""
        return any((self.master_key, self.master_key_file, self.master_key_command))

    @property
    def address(self) -> str:
        """The address of the database: the one given, or the embedded one in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data / DATABASE_FILE).absolute()}"


def variable(setting: str) -> str:
    """The environment variable of a setting."""
    return f"SCREENING_{setting.upper()}"


def faults_of(error: ValidationError) -> list[Fault]:
    """The faults of settings that cannot be used: the names of the variables, never what they hold."""
    found = [str(detail["loc"][0]) if detail["loc"] else "" for detail in error.errors(include_input=False)]
    return [fault("S040", key=variable(name)) for name in dict.fromkeys(found)]


def read_storage_settings() -> StorageSettings:
    """The settings of this process's environment; raises `Refused` with S040 naming what cannot be used."""
    try:
        return StorageSettings()
    except ValidationError as error:
        raise Refused(faults_of(error)) from None
